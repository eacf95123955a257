package io.quorate.chaos.check.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Resources as the log's JSON has them, counted: thousandths of scalars, and 1,000 of each port of
 * a range and each item of a set. The arithmetic is this file's own: a checker that used the
 * masters' would share their mistakes.
 */
public final class ResourceAmounts {
  private static final long ONE = 1_000;

  /**
   * What cannot stand for each other.
   *
   * @param reservedFor the role it is reserved for; empty for none
   * @param rest all else that tells it apart: labels, disk, who revokes it
   * @param item the port or the item; empty for scalars
   * @param charged whether it counts against a quota when it is offered or held
   */
  public record Kind(
      String name, String reservedFor, String rest, String item, boolean shared, boolean charged) {
    @Override
    public String toString() {
      return name
          + (item.isEmpty() ? "" : ":" + item)
          + (reservedFor.isEmpty() ? "" : " reserved for " + reservedFor)
          + (rest.isEmpty() ? "" : " " + rest);
    }
  }

  private final Map<Kind, Long> all = new HashMap<>();

  public static ResourceAmounts of(JsonNode resources) {
    ResourceAmounts amounts = new ResourceAmounts();
    for (JsonNode resource : resources) {
      Kind kind = kind(resource);
      if (resource.has("scalar")) {
        amounts.add(kind, Math.round(resource.path("scalar").path("value").asDouble() * ONE));
      }
      for (JsonNode range : resource.path("ranges").path("range")) {
        for (long i = range.path("begin").longValue(); i <= range.path("end").longValue(); i++) {
          amounts.add(with(kind, Long.toString(i)), ONE);
        }
      }
      for (JsonNode item : resource.path("set").path("item")) {
        amounts.add(with(kind, item.asText()), ONE);
      }
    }
    return amounts;
  }

  private static Kind kind(JsonNode resource) {
    StringBuilder rest = new StringBuilder();
    String role = resource.path("role").asText("*");
    String reservedFor = role.equals("*") ? "" : role;
    for (JsonNode node : resource.path("reservations")) {
      reservedFor = node.path("role").asText();
      rest.append(node.path("type").asText()).append(' ').append(reservedFor);
      rest.append(node.path("labels").isMissingNode() ? "" : node.path("labels").toString());
    }
    for (String field : new String[] {"disk", "provider_id", "revocable"}) {
      rest.append(resource.has(field) ? field + resource.path(field) : "");
    }
    boolean charged = reservedFor.isEmpty() && !resource.has("revocable");
    return new Kind(
        resource.path("name").asText(),
        reservedFor,
        rest.toString(),
        "",
        resource.has("shared"),
        charged);
  }

  private static Kind with(Kind kind, String item) {
    return new Kind(kind.name, kind.reservedFor, kind.rest, item, kind.shared, kind.charged);
  }

  private void add(Kind kind, long millis) {
    if (all.merge(kind, millis, Long::sum) == 0) {
      all.remove(kind);
    }
  }

  void plus(ResourceAmounts more) {
    more.all.forEach(this::add);
  }

  void minus(ResourceAmounts less) {
    less.all.forEach((kind, millis) -> add(kind, -millis));
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  /** The first that there is more of here than there; shared volumes can be held many times. */
  public Optional<String> beyond(ResourceAmounts total) {
    for (Map.Entry<Kind, Long> entry : all.entrySet()) {
      long there = total.all.getOrDefault(entry.getKey(), 0L);
      if (!entry.getKey().shared && entry.getValue() > there) {
        return Optional.of(entry.getKey() + ": " + entry.getValue() / 1e3 + " of " + there / 1e3);
      }
    }
    return Optional.empty();
  }

  /** Thousandths by name, of the kinds that are asked for. */
  public Map<String, Long> byName(Predicate<Kind> which) {
    Map<String, Long> sums = new TreeMap<>();
    all.forEach(
        (kind, millis) -> {
          if (which.test(kind)) {
            sums.merge(kind.name, millis, Long::sum);
          }
        });
    return sums;
  }

  @Override
  public String toString() {
    return byName(any -> true).toString();
  }
}
