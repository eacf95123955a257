package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Value;

/** A value in text form: a number, {@code [a-b,c-d]}, {@code {x,y}}, or else text. */
record ParsedValue(
    Value.Type type, Value.Scalar scalar, Value.Ranges ranges, Value.Set set, Value.Text text) {

  static ParsedValue of(String text) {
    Value.Scalar scalar = Value.Scalar.newBuilder().setValue(0).build();
    Value.Text verbatim = Value.Text.newBuilder().setValue(text).build();
    if (text.startsWith("[") && text.endsWith("]")) {
      return new ParsedValue(
          Value.Type.RANGES, scalar, ranges(text), Value.Set.getDefaultInstance(), verbatim);
    }
    if (text.startsWith("{") && text.endsWith("}")) {
      return new ParsedValue(
          Value.Type.SET, scalar, Value.Ranges.getDefaultInstance(), set(text), verbatim);
    }
    Value.Type type = Value.Type.TEXT;
    if (text.matches("-?[0-9]+(\\.[0-9]+)?")) {
      type = Value.Type.SCALAR;
      scalar = Value.Scalar.newBuilder().setValue(Double.parseDouble(text)).build();
    }
    return new ParsedValue(
        type, scalar, Value.Ranges.getDefaultInstance(), Value.Set.getDefaultInstance(), verbatim);
  }

  private static Value.Ranges ranges(String text) {
    Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
    for (String part : inner(text)) {
      String[] ends = part.trim().split("-");
      if (ends.length != 2) {
        throw new IllegalArgumentException("'" + part + "' in " + text + " is no range begin-end");
      }
      try {
        ranges.addRange(
            Value.Range.newBuilder()
                .setBegin(Long.parseLong(ends[0].trim()))
                .setEnd(Long.parseLong(ends[1].trim())));
      } catch (NumberFormatException e) {
        throw new IllegalArgumentException(
            "'" + part + "' in " + text + " is no range of whole numbers", e);
      }
    }
    return ranges.build();
  }

  private static Value.Set set(String text) {
    Value.Set.Builder set = Value.Set.newBuilder();
    for (String part : inner(text)) {
      set.addItem(part.trim());
    }
    return set.build();
  }

  private static String[] inner(String text) {
    String inside = text.substring(1, text.length() - 1).trim();
    return inside.isEmpty() ? new String[0] : inside.split(",");
  }
}
