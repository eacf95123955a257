package io.quorate.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Reads numbers as leniently as Mesos: as numbers or as strings, fractions cut off for integers.
 * Stricter in one point: what does not fit its field is refused, where Mesos would wrap it around.
 */
final class JsonNumbers {
  private static final BigDecimal TWO = BigDecimal.valueOf(2);
  private static final int INT_BITS = 32;
  private static final int LONG_BITS = 64;

  /** No number with more digits before its point fits any field. */
  private static final int DIGITS_MAX = 400;

  /** Of a number given as a string; numbers that are not quoted are bounded by the parser. */
  private static final int CHARACTERS_MAX = 1000;

  private JsonNumbers() {}

  /** Whether the field's integers are never negative. */
  static boolean unsigned(FieldDescriptor field) {
    return switch (field.getType()) {
      case UINT32, UINT64, FIXED32, FIXED64 -> true;
      default -> false;
    };
  }

  static double real(JsonParser parser, FieldDescriptor field)
      throws IOException, JsonMappingException {
    double value;
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      String text = parser.getText().trim();
      if (text.equals("Infinity") || text.equals("-Infinity")) {
        return Double.parseDouble(text);
      }
      value = decimal(text, field).doubleValue();
    } else {
      expectNumber(parser, field);
      value = parser.getDoubleValue();
    }
    if (Double.isInfinite(value)) {
      throw outOfRange(field);
    }
    return value;
  }

  static int int32(JsonParser parser, FieldDescriptor field)
      throws IOException, JsonMappingException {
    return (int) integer(parser, field, INT_BITS);
  }

  static long int64(JsonParser parser, FieldDescriptor field)
      throws IOException, JsonMappingException {
    return integer(parser, field, LONG_BITS);
  }

  private static long integer(JsonParser parser, FieldDescriptor field, int bits)
      throws IOException, JsonMappingException {
    BigDecimal value;
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      value = decimal(parser.getText().trim(), field);
    } else {
      expectNumber(parser, field);
      if (parser.currentToken() == JsonToken.VALUE_NUMBER_INT
          && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
        value = BigDecimal.valueOf(parser.getLongValue());
      } else {
        value = decimal(parser.getText(), field);
      }
    }
    // A fraction is nothing, and is told from its exponent: 1e-999999999 is long to expand.
    boolean fraction = value.precision() - (long) value.scale() <= 0;
    BigDecimal whole = fraction ? BigDecimal.ZERO : value.setScale(0, RoundingMode.DOWN);
    boolean unsigned = unsigned(field);
    BigDecimal limit = TWO.pow(unsigned ? bits : bits - 1);
    BigDecimal least = unsigned ? BigDecimal.ZERO : limit.negate();
    if (whole.compareTo(least) < 0 || whole.compareTo(limit) >= 0) {
      throw outOfRange(field);
    }
    return whole.longValue();
  }

  private static BigDecimal decimal(String text, FieldDescriptor field)
      throws JsonMappingException {
    if (text.length() > CHARACTERS_MAX) {
      throw outOfRange(field);
    }
    BigDecimal value;
    try {
      value = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new JsonMappingException(
          "Failed to parse '" + text + "' as a number for field '" + field.getName() + "'");
    }
    // Before anything is computed: 1e999999999 is short to write and long to expand.
    if ((long) value.precision() - value.scale() > DIGITS_MAX) {
      throw outOfRange(field);
    }
    return value;
  }

  private static void expectNumber(JsonParser parser, FieldDescriptor field)
      throws JsonMappingException {
    JsonToken token = parser.currentToken();
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      throw new JsonMappingException("Expecting a number for field '" + field.getName() + "'");
    }
  }

  private static JsonMappingException outOfRange(FieldDescriptor field) {
    return new JsonMappingException(
        "The number for field '" + field.getName() + "' is out of its range");
  }
}
