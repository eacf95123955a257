package io.quorate.master.decide;

import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Resources out of a text and messages. */
final class ResourceBags {
  private ResourceBags() {}

  static Resources of(String text, Resource... more) {
    List<Resource> all = new ArrayList<>(ResourceText.parse(text));
    all.addAll(Arrays.asList(more));
    return Resources.of(all);
  }
}
