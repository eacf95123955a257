package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Attribute;
import java.util.ArrayList;
import java.util.List;

/** The text form of attributes: {@code rack:r1;level:3} (Mesos 2.3). */
public final class AttributeText {
  private AttributeText() {}

  /**
   * Reads {@code name:value;...}; what is no number, range or set is text.
   *
   * @throws IllegalArgumentException naming the part that cannot be read
   */
  public static List<Attribute> parse(String text) {
    List<Attribute> attributes = new ArrayList<>();
    for (String part : text.split(";")) {
      if (part.isBlank()) {
        continue;
      }
      int colon = part.indexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException("'" + part + "' is not of the form name:value");
      }
      ParsedValue value = ParsedValue.of(part.substring(colon + 1).trim());
      Attribute.Builder attribute =
          Attribute.newBuilder().setName(part.substring(0, colon).trim()).setType(value.type());
      switch (value.type()) {
        case SCALAR -> attribute.setScalar(value.scalar());
        case RANGES -> attribute.setRanges(value.ranges());
        case SET -> attribute.setSet(value.set());
        case TEXT -> attribute.setText(value.text());
      }
      attributes.add(attribute.build());
    }
    return attributes;
  }
}
