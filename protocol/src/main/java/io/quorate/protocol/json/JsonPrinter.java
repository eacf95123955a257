package io.quorate.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/**
 * Writes messages: fields by their proto names, enums by name, bytes in Base64, 64-bit integers as
 * numbers; unset fields only where the schema declares a default and does not call them deprecated,
 * or where the schema cannot tell unset from zero.
 */
final class JsonPrinter {
  // Infinity is written bare, as Mesos does; it is seen for limits only.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  private static final int BUFFER_BYTES = 1024;

  /** From here on doubles are written with an exponent. */
  private static final double PLAIN_MAX = 1e17;

  private JsonPrinter() {}

  /** The lists of these types are written even if they are empty. */
  static byte[] print(Message message, Set<Descriptor> complete) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(BUFFER_BYTES);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      write(json, message, complete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, Message message, Set<Descriptor> complete)
      throws IOException {
    json.writeStartObject();
    for (MessageShape.Field field : MessageShape.of(message.getDescriptorForType()).fields()) {
      switch (field.kind()) {
        case MAP -> map(json, message, field, complete);
        case REPEATED -> repeated(json, message, field, complete);
        case SINGULAR -> {
          if (field.always() || message.hasField(field.descriptor())) {
            json.writeFieldName(field.name());
            // Of an unset field this is the default of the schema.
            value(json, field.descriptor(), message.getField(field.descriptor()), complete);
          }
        }
      }
    }
    json.writeEndObject();
  }

  private static void repeated(
      JsonGenerator json, Message message, MessageShape.Field field, Set<Descriptor> complete)
      throws IOException {
    int count = message.getRepeatedFieldCount(field.descriptor());
    if (count == 0 && !complete.contains(message.getDescriptorForType())) {
      return;
    }
    json.writeFieldName(field.name());
    json.writeStartArray();
    for (int i = 0; i < count; i++) {
      value(json, field.descriptor(), message.getRepeatedField(field.descriptor(), i), complete);
    }
    json.writeEndArray();
  }

  private static void map(
      JsonGenerator json, Message message, MessageShape.Field field, Set<Descriptor> complete)
      throws IOException {
    List<?> entries = (List<?>) message.getField(field.descriptor());
    if (entries.isEmpty()) {
      return;
    }
    json.writeFieldName(field.name());
    json.writeStartObject();
    for (Object element : entries) {
      Message entry = (Message) element;
      json.writeFieldName(entry.getField(field.mapKey()).toString());
      value(json, field.mapValue(), entry.getField(field.mapValue()), complete);
    }
    json.writeEndObject();
  }

  private static void value(
      JsonGenerator json, FieldDescriptor field, Object value, Set<Descriptor> complete)
      throws IOException {
    switch (field.getJavaType()) {
      case MESSAGE -> write(json, (Message) value, complete);
      case STRING -> json.writeString((String) value);
      case ENUM -> json.writeString(((EnumValueDescriptor) value).getName());
      case BYTE_STRING -> json.writeBinary(((ByteString) value).toByteArray());
      case BOOLEAN -> json.writeBoolean((Boolean) value);
      case DOUBLE -> real(json, (Double) value);
      case FLOAT -> real(json, (Float) value);
      case INT -> integer(json, field, (Integer) value);
      case LONG -> integer(json, field, (Long) value);
    }
  }

  /** Plain, as Mesos writes: {@code 604800.0}, where Java would say 6.048E5 from ten million on. */
  private static void real(JsonGenerator json, double value) throws IOException {
    String text = Double.toString(value);
    if (text.indexOf('E') < 0 || Math.abs(value) >= PLAIN_MAX) {
      json.writeNumber(value);
      return;
    }
    String plain = new BigDecimal(text).toPlainString();
    json.writeNumber(plain.indexOf('.') < 0 ? plain + ".0" : plain);
  }

  private static void integer(JsonGenerator json, FieldDescriptor field, int value)
      throws IOException {
    json.writeNumber(JsonNumbers.unsigned(field) ? Integer.toUnsignedLong(value) : value);
  }

  private static void integer(JsonGenerator json, FieldDescriptor field, long value)
      throws IOException {
    if (value < 0 && JsonNumbers.unsigned(field)) {
      json.writeNumber(Long.toUnsignedString(value));
    } else {
      json.writeNumber(value);
    }
  }
}
