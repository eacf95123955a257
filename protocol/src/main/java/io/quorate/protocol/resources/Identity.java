package io.quorate.protocol.resources;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import java.util.Comparator;
import java.util.TreeSet;

/**
 * What must agree for two resources to add up: name, type, reservations, disk, revocable, shared,
 * allocation, provider (Mesos 2.3).
 *
 * @param prototype the canonical resource without its quantity; with it for what exists as a whole
 * @param bytes of the prototype, for comparison
 */
record Identity(Resource prototype, ByteString bytes) implements Comparable<Identity> {
  private static final Comparator<Identity> ORDER =
      Comparator.<Identity, String>comparing(each -> each.prototype.getName())
          .thenComparing(Identity::bytes, ByteString.unsignedLexicographicalComparator());

  private static final double MILLIS = 1000.0;

  static Identity of(Resource canonical) {
    Resource.Builder prototype = canonical.toBuilder().clearRanges().clearSet();
    if (whole(canonical)) {
      prototype.setScalar(Value.Scalar.newBuilder().setValue(millis(canonical) / MILLIS));
    } else {
      prototype.clearScalar();
    }
    Resource built = prototype.build();
    return new Identity(built, built.toByteString());
  }

  /** The resource's quantity; null for none. */
  static Quantity quantity(Resource resource) {
    return switch (resource.getType()) {
      case SCALAR -> {
        long millis = millis(resource);
        yield millis == 0
            ? null
            : whole(resource) ? new Quantity.Copies(1) : new Quantity.Scalar(millis);
      }
      case RANGES ->
          resource.getRanges().getRangeCount() == 0
              ? null
              : Quantity.Ranges.of(
                  resource.getRanges().getRangeList().stream()
                      .map(each -> new Quantity.Ranges.Range(each.getBegin(), each.getEnd()))
                      .toList());
      case SET ->
          resource.getSet().getItemCount() == 0
              ? null
              : new Quantity.Items(new TreeSet<>(resource.getSet().getItemList()));
      case TEXT ->
          throw new IllegalArgumentException(
              "resource '" + resource.getName() + "': type TEXT is not valid for resources");
    };
  }

  static long millis(Resource resource) {
    return Math.round(resource.getScalar().getValue() * MILLIS);
  }

  private static boolean whole(Resource resource) {
    return resource.hasShared()
        || resource.getDisk().hasPersistence()
        || (resource.getDisk().hasSource()
            && resource.getDisk().getSource().getType() != Resource.DiskInfo.Source.Type.PATH);
  }

  @Override
  public int compareTo(Identity other) {
    return ORDER.compare(this, other);
  }
}
