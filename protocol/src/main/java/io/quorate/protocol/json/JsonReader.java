package io.quorate.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Base64;

/**
 * Reads messages, as leniently as Mesos: unknown fields and nulls are ignored, numbers and booleans
 * may be strings, one value may stand for a list of one.
 */
final class JsonReader {
  /** Levels of nesting that are read. */
  private static final int DEPTH_MAX = 200;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
          .build();

  private JsonReader() {}

  static void read(byte[] json, Message.Builder builder)
      throws JsonSyntaxException, JsonMappingException {
    if (json.length == 0) {
      throw new JsonSyntaxException("syntax error at line 1 near: ");
    }
    // Syntax first: what is not JSON as a whole is told as that, whatever is wrong with its fields.
    try (JsonParser parser = JSON.createParser(json)) {
      JsonToken first = parser.nextToken();
      while (parser.nextToken() != null) {
        continue;
      }
      if (first == null) {
        throw new JsonSyntaxException("syntax error at line 1 near: ");
      }
      if (first != JsonToken.START_OBJECT) {
        throw new JsonMappingException("Expecting a JSON object");
      }
    } catch (IOException e) {
      throw syntax(e);
    }
    try (JsonParser parser = JSON.createParser(json)) {
      parser.nextToken();
      message(parser, builder);
    } catch (IOException e) {
      throw syntax(e);
    }
  }

  private static JsonSyntaxException syntax(IOException e) {
    return new JsonSyntaxException(
        e instanceof JsonProcessingException where && where.getLocation() != null
            ? "syntax error at line "
                + where.getLocation().getLineNr()
                + " near: "
                + where.getOriginalMessage()
            : "syntax error: " + e.getMessage());
  }

  private static void message(JsonParser parser, Message.Builder builder)
      throws IOException, JsonMappingException {
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      FieldDescriptor field = builder.getDescriptorForType().findFieldByName(name);
      if (field == null || token == JsonToken.VALUE_NULL) {
        parser.skipChildren();
      } else if (field.isMapField()) {
        map(parser, builder, field);
      } else if (field.isRepeated()) {
        repeated(parser, builder, field);
      } else {
        Object value = value(parser, builder, field);
        if (value != null) {
          builder.setField(field, value);
        }
      }
    }
  }

  private static void repeated(JsonParser parser, Message.Builder builder, FieldDescriptor field)
      throws IOException, JsonMappingException {
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      add(builder, field, value(parser, builder, field));
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      add(builder, field, value(parser, builder, field));
    }
  }

  private static void add(Message.Builder builder, FieldDescriptor field, Object value) {
    if (value != null) {
      builder.addRepeatedField(field, value);
    }
  }

  private static void map(JsonParser parser, Message.Builder builder, FieldDescriptor field)
      throws IOException, JsonMappingException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw new JsonMappingException("Expecting a JSON object for field '" + field.getName() + "'");
    }
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Message.Builder entry = builder.newBuilderForField(field);
      entry.setField(field.getMessageType().findFieldByNumber(1), parser.currentName());
      parser.nextToken();
      FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
      Object value = value(parser, entry, valueField);
      if (value != null) {
        entry.setField(valueField, value);
        builder.addRepeatedField(field, entry.build());
      }
    }
  }

  /** A singular value; null for an enum name that is unknown and may be left out. */
  private static Object value(JsonParser parser, Message.Builder builder, FieldDescriptor field)
      throws IOException, JsonMappingException {
    return switch (field.getJavaType()) {
      case MESSAGE -> {
        expect(parser, field, JsonToken.START_OBJECT, "a JSON object");
        Message.Builder nested = builder.newBuilderForField(field);
        message(parser, nested);
        yield nested.buildPartial();
      }
      case STRING -> {
        expect(parser, field, JsonToken.VALUE_STRING, "a string");
        yield parser.getText();
      }
      case BYTE_STRING -> {
        expect(parser, field, JsonToken.VALUE_STRING, "a string");
        yield bytes(field, parser.getText());
      }
      case ENUM -> {
        expect(parser, field, JsonToken.VALUE_STRING, "a string");
        yield enumeration(field, parser.getText());
      }
      case BOOLEAN -> bool(parser, field);
      case DOUBLE -> number(parser, field).doubleValue();
      case FLOAT -> number(parser, field).floatValue();
      case INT -> number(parser, field).intValue();
      case LONG -> number(parser, field).longValue();
    };
  }

  private static void expect(JsonParser parser, FieldDescriptor field, JsonToken token, String what)
      throws JsonMappingException {
    if (parser.currentToken() != token) {
      throw new JsonMappingException("Expecting " + what + " for field '" + field.getName() + "'");
    }
  }

  private static EnumValueDescriptor enumeration(FieldDescriptor field, String name)
      throws JsonMappingException {
    EnumValueDescriptor value = field.getEnumType().findValueByName(name);
    if (value == null && field.isRequired()) {
      throw new JsonMappingException(
          "Failed to find enum value '" + name + "' for field '" + field.getName() + "'");
    }
    return value;
  }

  private static ByteString bytes(FieldDescriptor field, String text) throws JsonMappingException {
    try {
      return ByteString.copyFrom(Base64.getDecoder().decode(text));
    } catch (IllegalArgumentException e) {
      String why = e.getMessage();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        boolean known =
            (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '+'
                || c == '/'
                || c == '=';
        if (!known) {
          why = "Invalid character '" + c + "'";
          break;
        }
      }
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

  private static Number number(JsonParser parser, FieldDescriptor field)
      throws IOException, JsonMappingException {
    JsonToken token = parser.currentToken();
    if (token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT) {
      return new BigDecimal(parser.getText());
    }
    boolean real =
        field.getJavaType() == FieldDescriptor.JavaType.DOUBLE
            || field.getJavaType() == FieldDescriptor.JavaType.FLOAT;
    if (token == JsonToken.VALUE_STRING) {
      String text = parser.getText().trim();
      if (real && (text.equals("Infinity") || text.equals("-Infinity"))) {
        return Double.parseDouble(text);
      }
      try {
        return new BigDecimal(text);
      } catch (NumberFormatException e) {
        throw new JsonMappingException(
            "Failed to parse '" + text + "' as a number for field '" + field.getName() + "'");
      }
    }
    throw new JsonMappingException("Expecting a number for field '" + field.getName() + "'");
  }
}
