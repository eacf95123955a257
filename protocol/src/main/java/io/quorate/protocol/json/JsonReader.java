package io.quorate.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.util.Base64;
import java.util.Optional;

/**
 * Reads messages from a parser, as leniently as Mesos: unknown fields and nulls are ignored,
 * numbers and booleans may be strings, one value may stand for a list of one.
 */
final class JsonReader {
  private static final String BASE64 =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

  private JsonReader() {}

  /** Reads the object whose start is the parser's current token. Required fields may be missing. */
  static void message(JsonParser parser, Message.Builder builder)
      throws IOException, JsonMappingException {
    MessageShape shape = MessageShape.of(builder.getDescriptorForType());
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Optional<MessageShape.Field> field = shape.field(parser.currentName());
      if (parser.nextToken() == JsonToken.VALUE_NULL || field.isEmpty()) {
        parser.skipChildren();
        continue;
      }
      FieldDescriptor descriptor = field.get().descriptor();
      switch (field.get().kind()) {
        case MAP -> map(parser, builder, field.get());
        case REPEATED -> repeated(parser, builder, descriptor);
        case SINGULAR -> {
          Optional<Object> value = value(parser, builder, descriptor);
          if (value.isPresent()) {
            builder.setField(descriptor, value.get());
          }
        }
      }
    }
  }

  private static void repeated(JsonParser parser, Message.Builder builder, FieldDescriptor field)
      throws IOException, JsonMappingException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      add(parser, builder, field);
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NULL) {
        add(parser, builder, field);
      }
    }
  }

  private static void add(JsonParser parser, Message.Builder builder, FieldDescriptor field)
      throws IOException, JsonMappingException {
    Optional<Object> value = value(parser, builder, field);
    if (value.isPresent()) {
      builder.addRepeatedField(field, value.get());
    }
  }

  private static void map(JsonParser parser, Message.Builder builder, MessageShape.Field field)
      throws IOException, JsonMappingException {
    expect(parser, field.descriptor(), JsonToken.START_OBJECT, "a JSON object");
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Message.Builder entry = builder.newBuilderForField(field.descriptor());
      // All maps of v1 have strings for keys.
      entry.setField(field.mapKey(), wellFormed(parser.currentName()));
      if (parser.nextToken() == JsonToken.VALUE_NULL) {
        continue;
      }
      Optional<Object> value = value(parser, entry, field.mapValue());
      if (value.isPresent()) {
        entry.setField(field.mapValue(), value.get());
        builder.addRepeatedField(field.descriptor(), entry.buildPartial());
      }
    }
  }

  /** A singular value; empty for an enum name that is unknown and may be left out. */
  private static Optional<Object> value(
      JsonParser parser, Message.Builder builder, FieldDescriptor field)
      throws IOException, JsonMappingException {
    return switch (field.getJavaType()) {
      case MESSAGE -> {
        expect(parser, field, JsonToken.START_OBJECT, "a JSON object");
        Message.Builder nested = builder.newBuilderForField(field);
        message(parser, nested);
        yield Optional.of(nested.buildPartial());
      }
      case STRING -> Optional.of(wellFormed(text(parser, field)));
      case BYTE_STRING -> Optional.of(bytes(field, text(parser, field)));
      case ENUM -> enumeration(field, text(parser, field));
      case BOOLEAN -> Optional.of(bool(parser, field));
      case DOUBLE -> Optional.of(JsonNumbers.real(parser, field));
      case FLOAT -> Optional.of((float) JsonNumbers.real(parser, field));
      case INT -> Optional.of(JsonNumbers.int32(parser, field));
      case LONG -> Optional.of(JsonNumbers.int64(parser, field));
    };
  }

  private static String text(JsonParser parser, FieldDescriptor field)
      throws IOException, JsonMappingException {
    expect(parser, field, JsonToken.VALUE_STRING, "a string");
    return parser.getText();
  }

  private static void expect(JsonParser parser, FieldDescriptor field, JsonToken token, String what)
      throws JsonMappingException {
    if (parser.currentToken() != token) {
      throw new JsonMappingException("Expecting " + what + " for field '" + field.getName() + "'");
    }
  }

  /**
   * JSON can escape half a character, UTF-8 cannot hold it: on the wire and in the log it would
   * become another string than the one that was decided on. So it is replaced at once.
   */
  private static String wellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        int[] points =
            text.codePoints()
                .map(unit -> unit >= 0xd800 && unit <= 0xdfff ? 0xfffd : unit)
                .toArray();
        return new String(points, 0, points.length);
      }
    }
    return text;
  }

  private static Optional<Object> enumeration(FieldDescriptor field, String name)
      throws JsonMappingException {
    EnumValueDescriptor value = field.getEnumType().findValueByName(name);
    if (value == null && field.isRequired()) {
      throw new JsonMappingException(
          "Failed to find enum value '" + name + "' for field '" + field.getName() + "'");
    }
    return Optional.ofNullable(value);
  }

  private static ByteString bytes(FieldDescriptor field, String text) throws JsonMappingException {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      String why =
          text.codePoints()
              .filter(character -> BASE64.indexOf(character) < 0)
              .mapToObj(character -> "Invalid character '" + Character.toString(character) + "'")
              .findFirst()
              .orElse(e.getMessage());
      throw new JsonMappingException(
          "Failed to base64 decode bytes field '" + field.getName() + "': " + why);
    }
  }

  private static Boolean bool(JsonParser parser, FieldDescriptor field)
      throws IOException, JsonMappingException {
    String text = parser.getText();
    if (!text.equals("true") && !text.equals("false")) {
      throw new JsonMappingException("Expecting a boolean for field '" + field.getName() + "'");
    }
    return text.equals("true");
  }
}
