package io.quorate.chaos.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares JSON with what was recorded: every recorded field must be there with its kind, and with
 * its value where that is constant. What is there besides does no harm. Of a list, every recorded
 * element must be there: objects are found by their name or type, texts by themselves, and others
 * by their place.
 */
final class Shape {
  private static final Pattern UUID_BYTES = Pattern.compile("[A-Za-z0-9+/]{22}==");
  private static final String MASTER_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final Pattern FRAMEWORK = Pattern.compile(MASTER_ID + "-[0-9]{4,}");
  private static final Pattern AGENT = Pattern.compile(MASTER_ID + "-S[0-9]+");
  private static final Pattern OFFER = Pattern.compile(MASTER_ID + "-O[0-9]+");

  private final Map<String, String> found = new TreeMap<>();

  private Shape() {}

  /** What differs, by path such as {@code .slaves[0].port}. */
  static Map<String, String> differences(JsonNode expected, JsonNode actual) {
    Shape shape = new Shape();
    shape.compare("", expected, actual);
    return shape.found;
  }

  /** Whether a text is as recorded; a star stands for anything. */
  static boolean matches(String expected, String actual) {
    String pattern =
        Stream.of(expected.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(pattern, Pattern.DOTALL).matcher(actual).matches();
  }

  private void compare(String path, JsonNode expected, JsonNode actual) {
    if (expected.isObject() && actual.isObject()) {
      expected
          .fields()
          .forEachRemaining(
              field -> {
                String at = path + "." + field.getKey();
                if (actual.has(field.getKey())) {
                  compare(at, field.getValue(), actual.get(field.getKey()));
                } else {
                  found.put(at, "missing");
                }
              });
    } else if (expected.isArray() && actual.isArray()) {
      for (int i = 0; i < expected.size(); i++) {
        element(path, expected.get(i), i, actual);
      }
    } else if (!sameValue(expected, actual)) {
      found.put(path, "expected " + expected + ", was " + actual);
    }
  }

  private void element(String path, JsonNode expected, int index, JsonNode all) {
    Optional<String> key =
        Stream.of("name", "type")
            .filter(candidate -> expected.path(candidate).isTextual())
            .filter(candidate -> !expected.path(candidate).textValue().startsWith("$"))
            .findFirst();
    if (key.isPresent()) {
      JsonNode value = expected.get(key.get());
      String at = path + "[" + value.textValue() + "]";
      for (JsonNode node : all) {
        if (node.path(key.get()).equals(value)) {
          compare(at, expected, node);
          return;
        }
      }
      found.put(at, "missing");
    } else if (expected.isTextual() && !expected.textValue().startsWith("$")) {
      for (JsonNode node : all) {
        if (sameValue(expected, node)) {
          return;
        }
      }
      found.put(path + "[" + expected.textValue() + "]", "missing");
    } else if (index < all.size()) {
      compare(path + "[" + index + "]", expected, all.get(index));
    } else {
      found.put(path + "[" + index + "]", "missing");
    }
  }

  private static boolean sameValue(JsonNode expected, JsonNode actual) {
    if (expected.isTextual()) {
      return switch (expected.textValue()) {
        case "$number" -> actual.isNumber();
        case "$boolean" -> actual.isBoolean();
        case "$string" -> actual.isTextual();
        case "$uuid" -> actual.isTextual() && UUID_BYTES.matcher(actual.textValue()).matches();
        case "$framework" -> actual.isTextual() && FRAMEWORK.matcher(actual.textValue()).matches();
        case "$agent" -> actual.isTextual() && AGENT.matcher(actual.textValue()).matches();
        case "$offer" -> actual.isTextual() && OFFER.matcher(actual.textValue()).matches();
        default -> actual.isTextual() && matches(expected.textValue(), actual.textValue());
      };
    }
    if (expected.isNumber()) {
      return actual.isNumber() && expected.doubleValue() == actual.doubleValue();
    }
    return expected.equals(actual);
  }
}
