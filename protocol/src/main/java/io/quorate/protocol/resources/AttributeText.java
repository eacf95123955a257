package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Attribute;
import io.quorate.protocol.v1.Value;
import java.util.ArrayList;
import java.util.List;

/** What an operator writes for attributes: {@code rack:r1;level:3} (Mesos 2.3, CP-097). */
public final class AttributeText {
  private AttributeText() {}

  /**
   * Reads {@code name:value;...}; what is no number, range or set is text.
   *
   * @return the attributes, in the order given
   * @throws IllegalArgumentException naming the part that cannot be read
   */
  public static List<Attribute> parse(String text) {
    List<Attribute> attributes = new ArrayList<>();
    for (String part : text.split(";")) {
      if (part.isBlank()) {
        continue;
      }
      int colon = part.indexOf(':');
      if (colon < 0 || part.substring(0, colon).isBlank()) {
        throw new IllegalArgumentException("'" + part.trim() + "' is not of the form name:value");
      }
      attributes.add(attribute(part.substring(0, colon).trim(), part.substring(colon + 1).trim()));
    }
    return attributes;
  }

  private static Attribute attribute(String name, String text) {
    Value value = ValueText.parse(name, text);
    Attribute.Builder attribute = Attribute.newBuilder().setName(name).setType(value.getType());
    switch (value.getType()) {
      case SCALAR -> attribute.setScalar(value.getScalar());
      case RANGES -> attribute.setRanges(value.getRanges());
      case SET -> attribute.setSet(value.getSet());
      case TEXT -> attribute.setText(value.getText());
    }
    return attribute.build();
  }
}
