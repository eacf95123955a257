package io.quorate.protocol.resources;

import io.quorate.protocol.json.JsonMappingException;
import io.quorate.protocol.json.JsonSyntaxException;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.v1.Attribute;
import io.quorate.protocol.v1.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an operator writes for attributes: text, or a JSON array (Mesos 2.3, CP-097). */
public final class AttributeText {
  private AttributeText() {}

  /**
   * Reads {@code rack:r1;level:3}, in which what is no number, range or set is text; or a JSON
   * array of Attribute. Ranges that overlap or touch become one.
   *
   * @return the attributes, in the order given
   * @throws IllegalArgumentException naming the part that cannot be read, or the rule that it
   *     breaks
   */
  public static List<Attribute> parse(String text) {
    if (text.stripLeading().startsWith("[")) {
      return json(text);
    }
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

  private static List<Attribute> json(String text) {
    List<Attribute> attributes;
    try {
      attributes =
          ProtoJson.readArray(
              text.getBytes(StandardCharsets.UTF_8), Attribute.getDefaultInstance());
    } catch (JsonSyntaxException | JsonMappingException e) {
      throw new IllegalArgumentException("the JSON array of attributes: " + e.getMessage(), e);
    }
    return attributes.stream().map(AttributeText::validated).toList();
  }

  private static Attribute validated(Attribute attribute) {
    String name = attribute.getName();
    if (name.isBlank()) {
      throw new IllegalArgumentException("an attribute has no 'name'");
    }
    boolean hasItsValue =
        switch (attribute.getType()) {
          case SCALAR -> attribute.hasScalar();
          case RANGES -> attribute.hasRanges();
          case SET -> attribute.hasSet();
          case TEXT -> attribute.hasText();
        };
    if (!hasItsValue) {
      String field = attribute.getType().name().toLowerCase(Locale.ROOT);
      throw new IllegalArgumentException("the attribute '" + name + "' has no '" + field + "'");
    }
    return attribute.hasRanges()
        ? attribute.toBuilder()
            .setRanges(ValueText.coalesced(name, attribute.getRanges().getRangeList()))
            .build()
        : attribute;
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
