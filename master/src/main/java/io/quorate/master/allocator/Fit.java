package io.quorate.master.allocator;

import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Resource;
import java.util.List;
import java.util.Map;

/** What somebody may have of a portion, in the forms that a round needs. */
final class Fit {
  private final Resources resources;
  private final long[] amounts;
  private final long[] charge;
  private List<Resource> protos;

  Fit(Resources resources, Scalars scalars) {
    this.resources = resources;
    this.amounts = scalars.of(resources, any -> true);
    this.charge = scalars.of(resources, Portion::plain);
  }

  Resources resources() {
    return resources;
  }

  List<Resource> protos() {
    if (protos == null) {
      protos = resources.toProtos();
    }
    return protos;
  }

  /** Returns all scalars in thousandths. */
  long[] amounts() {
    return amounts;
  }

  /** What counts against a quota: scalars that are neither reserved nor revocable. */
  long[] charge() {
    return charge;
  }

  /** With no more of what counts against a quota than this, by name in thousandths. */
  Fit atMost(Map<String, Long> millis, Scalars scalars) {
    Resources plain = resources.filter(Portion::plain);
    return new Fit(resources.minus(plain).plus(plain.atMost(millis)), scalars);
  }
}
