package io.quorate.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;

/**
 * Writes messages: fields by their proto names, enums by name, bytes in Base64, 64-bit integers as
 * numbers; unset fields only where the schema declares a default and does not call them deprecated.
 */
final class JsonPrinter {
  // Infinity is written bare, as Mesos does; it is seen for limits only.
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS).build();

  private JsonPrinter() {}

  static byte[] print(Message message) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      write(json, message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, Message message) throws IOException {
    json.writeStartObject();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.isMapField()) {
        map(json, field, (List<?>) message.getField(field));
      } else if (field.isRepeated()) {
        repeated(json, message, field);
      } else if (message.hasField(field)) {
        json.writeFieldName(field.getName());
        value(json, field, message.getField(field));
      } else if (field.hasDefaultValue() && !field.getOptions().getDeprecated()) {
        json.writeFieldName(field.getName());
        value(json, field, field.getDefaultValue());
      }
    }
    json.writeEndObject();
  }

  private static void repeated(JsonGenerator json, Message message, FieldDescriptor field)
      throws IOException {
    int count = message.getRepeatedFieldCount(field);
    if (count == 0) {
      return;
    }
    json.writeArrayFieldStart(field.getName());
    for (int i = 0; i < count; i++) {
      value(json, field, message.getRepeatedField(field, i));
    }
    json.writeEndArray();
  }

  private static void map(JsonGenerator json, FieldDescriptor field, List<?> entries)
      throws IOException {
    if (entries.isEmpty()) {
      return;
    }
    FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
    FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
    json.writeObjectFieldStart(field.getName());
    for (Object each : entries) {
      Message entry = (Message) each;
      json.writeFieldName(entry.getField(key).toString());
      value(json, value, entry.getField(value));
    }
    json.writeEndObject();
  }

  private static void value(JsonGenerator json, FieldDescriptor field, Object value)
      throws IOException {
    switch (field.getJavaType()) {
      case MESSAGE -> write(json, (Message) value);
      case STRING -> json.writeString((String) value);
      case ENUM -> json.writeString(((EnumValueDescriptor) value).getName());
      case BYTE_STRING ->
          json.writeString(Base64.getEncoder().encodeToString(((ByteString) value).toByteArray()));
      case BOOLEAN -> json.writeBoolean((Boolean) value);
      case DOUBLE -> json.writeNumber((Double) value);
      case FLOAT -> json.writeNumber((Float) value);
      case INT -> integer(json, field, (Integer) value);
      case LONG -> integer(json, field, (Long) value);
    }
  }

  private static void integer(JsonGenerator json, FieldDescriptor field, int value)
      throws IOException {
    boolean unsigned =
        field.getType() == FieldDescriptor.Type.UINT32
            || field.getType() == FieldDescriptor.Type.FIXED32;
    json.writeNumber(unsigned ? Integer.toUnsignedLong(value) : value);
  }

  private static void integer(JsonGenerator json, FieldDescriptor field, long value)
      throws IOException {
    boolean unsigned =
        field.getType() == FieldDescriptor.Type.UINT64
            || field.getType() == FieldDescriptor.Type.FIXED64;
    if (unsigned && value < 0) {
      json.writeNumber(Long.toUnsignedString(value));
    } else {
      json.writeNumber(value);
    }
  }
}
