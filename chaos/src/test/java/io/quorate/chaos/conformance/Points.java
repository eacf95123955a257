package io.quorate.chaos.conformance;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All points, and for those that no test cites what they wait for. */
final class Points {
  private static final List<String> GRADES = List.of("must", "should", "could");

  private final Map<String, Point> byId = new LinkedHashMap<>();
  private final Map<String, String> later = new LinkedHashMap<>();

  private Points() {}

  static Points read() {
    Points points = new Points();
    String group = "";
    for (String line : Lines.of("points.txt")) {
      if (line.startsWith("== ")) {
        group = line.substring(3).strip();
        continue;
      }
      List<String> parts = Lines.parts(line, 4);
      Point point = new Point(parts.get(0), parts.get(1), parts.get(2), group, parts.get(3));
      if (!GRADES.contains(point.grade()) || points.byId.put(point.id(), point) != null) {
        throw new IllegalArgumentException("a wrong grade, or an id twice: " + line);
      }
    }
    for (String line : Lines.of("later.txt")) {
      List<String> parts = Lines.parts(line, 2);
      for (String which : parts.get(0).split(" ")) {
        points.later.put(which, parts.get(1));
      }
    }
    return points;
  }

  Map<String, Point> byId() {
    return byId;
  }

  /** What names neither a point nor a section, and so is a slip of the pen. */
  List<String> strayLater() {
    return later.keySet().stream()
        .filter(key -> !byId.containsKey(key))
        .filter(key -> byId.values().stream().noneMatch(point -> within(point.section(), key)))
        .toList();
  }

  /** The work that a point waits for: its own, or that of the closest section around it. */
  Optional<String> later(Point point) {
    if (later.containsKey(point.id())) {
      return Optional.of(later.get(point.id()));
    }
    for (String section = point.section();
        !section.isEmpty();
        section = section.substring(0, Math.max(0, section.lastIndexOf('.')))) {
      if (later.containsKey(section)) {
        return Optional.of(later.get(section));
      }
    }
    return Optional.empty();
  }

  private static boolean within(String section, String outer) {
    return section.equals(outer) || section.startsWith(outer + ".");
  }
}
