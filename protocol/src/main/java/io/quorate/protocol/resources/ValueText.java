package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a value in text form: a number, {@code [a-b,c-d]}, {@code {x,y}}, or else text. */
final class ValueText {
  private static final Pattern NUMBER = Pattern.compile("[-+]?[0-9]+(\\.[0-9]*)?");
  private static final Pattern RANGE = Pattern.compile("([0-9]{1,18})\\s*-\\s*([0-9]{1,18})");

  private ValueText() {}

  /**
   * Reads the value of what is called by this name.
   *
   * @throws IllegalArgumentException naming the part that cannot be read
   */
  static Value parse(String name, String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("'" + name + "' has no value");
    }
    Value.Builder value = Value.newBuilder();
    if (text.startsWith("[") && text.endsWith("]")) {
      return value.setType(Value.Type.RANGES).setRanges(ranges(name, text)).build();
    }
    if (text.startsWith("{") && text.endsWith("}")) {
      Value.Set items = Value.Set.newBuilder().addAllItem(inner(text)).build();
      return value.setType(Value.Type.SET).setSet(items).build();
    }
    if (NUMBER.matcher(text).matches()) {
      return value
          .setType(Value.Type.SCALAR)
          .setScalar(Value.Scalar.newBuilder().setValue(Double.parseDouble(text)))
          .build();
    }
    return value.setType(Value.Type.TEXT).setText(Value.Text.newBuilder().setValue(text)).build();
  }

  private static Value.Ranges ranges(String name, String text) {
    List<Value.Range> ranges = new ArrayList<>();
    for (String part : inner(text)) {
      Matcher ends = RANGE.matcher(part);
      if (!ends.matches()) {
        throw new IllegalArgumentException(
            "'" + name + "': '" + part + "' in " + text + " is no range begin-end");
      }
      ranges.add(
          Value.Range.newBuilder()
              .setBegin(Long.parseLong(ends.group(1)))
              .setEnd(Long.parseLong(ends.group(2)))
              .build());
    }
    return coalesced(name, ranges);
  }

  /**
   * Unites ranges that overlap or touch, as Mesos does with what an operator writes. What a
   * framework asks for is never united: two requests for one port are an error there.
   *
   * @throws IllegalArgumentException if a range ends before it begins, or there are too many
   */
  static Value.Ranges coalesced(String name, List<Value.Range> ranges) {
    for (Value.Range range : ranges) {
      refuse(name, List.of(range));
    }
    List<Value.Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(Value.Range::getBegin));
    Value.Ranges.Builder united = Value.Ranges.newBuilder();
    for (Value.Range range : sorted) {
      int last = united.getRangeCount() - 1;
      if (last >= 0 && range.getBegin() - 1 <= united.getRange(last).getEnd()) {
        united
            .getRangeBuilder(last)
            .setEnd(Math.max(united.getRange(last).getEnd(), range.getEnd()));
      } else {
        united.addRange(range);
      }
    }
    refuse(name, united.getRangeList());
    return united.build();
  }

  private static void refuse(String name, List<Value.Range> ranges) {
    ResourceValidation.rangesWrong(ranges)
        .ifPresent(
            wrong -> {
              throw new IllegalArgumentException("'" + name + "': " + wrong);
            });
  }

  /** Returns the parts between the brackets. Empty ones do not count, as in Mesos. */
  private static List<String> inner(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.substring(1, text.length() - 1).split(",")) {
      if (!part.isBlank()) {
        parts.add(part.trim());
      }
    }
    return parts;
  }
}
