package io.quorate.protocol.resources;

import io.quorate.protocol.Identifiers;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Resource.DiskInfo;
import io.quorate.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What makes resources invalid (Mesos 2.3, CP-088 to CP-096). Each answer names the resource, the
 * field and the rule. What is valid here can be counted with: {@link Resources#of} takes it.
 */
public final class ResourceValidation {
  /** A list has at most this many resources. */
  public static final int RESOURCES_MAX = 4096;

  /** A resource has at most this many ranges. */
  public static final int RANGES_MAX = 16_384;

  /** The largest scalar, and the largest sum of one name: 100 PB where the unit is MB. */
  public static final double SCALAR_MAX = 1e11;

  private static final long ONE_MILLIS = 1000;

  private ResourceValidation() {}

  /** The first thing wrong; empty if all are valid. */
  public static Optional<String> validate(List<Resource> resources) {
    if (resources.size() > RESOURCES_MAX) {
      return Optional.of("more than " + RESOURCES_MAX + " resources");
    }
    Map<String, Double> sums = new TreeMap<>();
    for (Resource resource : resources) {
      Optional<String> wrong = validate(resource);
      if (wrong.isPresent()) {
        return wrong;
      }
      double sum = sums.merge(resource.getName(), resource.getScalar().getValue(), Double::sum);
      if (sum > SCALAR_MAX) {
        return Optional.of(
            "Invalid resource '"
                + resource.getName()
                + "': the sum of the scalars is "
                + tooLarge(sum));
      }
    }
    return Optional.empty();
  }

  /** What is wrong with one resource; empty if it is valid. */
  public static Optional<String> validate(Resource resource) {
    if (resource.getName().isEmpty()) {
      return Optional.of("Empty resource name");
    }
    return value(resource)
        .or(() -> disk(resource))
        .or(() -> shared(resource))
        .or(() -> ReservationValidation.validate(resource))
        .map(why -> "Invalid resource '" + resource.getName() + "': " + why);
  }

  private static Optional<String> value(Resource resource) {
    return switch (resource.getType()) {
      case SCALAR -> scalar(resource);
      case RANGES -> ranges(resource);
      case SET -> set(resource);
      case TEXT -> Optional.of("type TEXT is not valid for resources");
    };
  }

  private static Optional<String> scalar(Resource resource) {
    if (!resource.hasScalar() || resource.hasRanges() || resource.hasSet()) {
      return Optional.of("a SCALAR must have 'scalar' and nothing else");
    }
    double value = resource.getScalar().getValue();
    if (Double.isNaN(value) || Double.isInfinite(value)) {
      return Optional.of("'scalar.value' must be finite");
    }
    if (value < 0) {
      return Optional.of("'scalar.value' must not be negative, but is " + value);
    }
    if (value > SCALAR_MAX) {
      return Optional.of("'scalar.value' is " + tooLarge(value));
    }
    return resource.getName().equals("gpus") && Quantity.Scalar.millis(resource) % ONE_MILLIS != 0
        ? Optional.of("'gpus' must be a whole number, but is " + value)
        : Optional.empty();
  }

  private static String tooLarge(double value) {
    return value + ", more than the largest that is counted, " + SCALAR_MAX;
  }

  private static Optional<String> ranges(Resource resource) {
    if (!resource.hasRanges() || resource.hasScalar() || resource.hasSet()) {
      return Optional.of("RANGES must have 'ranges' and nothing else");
    }
    return rangesWrong(resource.getRanges().getRangeList());
  }

  /** What is wrong with these ranges; empty if they are valid. */
  static Optional<String> rangesWrong(List<Value.Range> ranges) {
    if (ranges.size() > RANGES_MAX) {
      return Optional.of("more than " + RANGES_MAX + " ranges");
    }
    for (Value.Range range : ranges) {
      if (Long.compareUnsigned(range.getBegin(), range.getEnd()) > 0) {
        return Optional.of("the range " + text(range) + " ends before it begins");
      }
      if (range.getEnd() < 0) {
        return Optional.of(
            "the range " + text(range) + " goes beyond the largest number, " + Long.MAX_VALUE);
      }
    }
    List<Value.Range> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(Value.Range::getBegin));
    for (int i = 1; i < sorted.size(); i++) {
      Value.Range one = sorted.get(i - 1);
      Value.Range next = sorted.get(i);
      if (next.getBegin() <= one.getEnd()) {
        return Optional.of("the ranges " + text(one) + " and " + text(next) + " overlap");
      }
    }
    return Optional.empty();
  }

  static String text(Value.Range range) {
    return Long.toUnsignedString(range.getBegin()) + "-" + Long.toUnsignedString(range.getEnd());
  }

  private static Optional<String> set(Resource resource) {
    if (!resource.hasSet() || resource.hasScalar() || resource.hasRanges()) {
      return Optional.of("a SET must have 'set' and nothing else");
    }
    TreeSet<String> seen = new TreeSet<>();
    for (String item : resource.getSet().getItemList()) {
      if (!seen.add(item)) {
        return Optional.of("the set has '" + item + "' twice");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> disk(Resource resource) {
    if (!resource.hasDisk()) {
      return Optional.empty();
    }
    if (!resource.getName().equals("disk")) {
      return Optional.of("'disk' info is only valid on the resource named disk");
    }
    DiskInfo disk = resource.getDisk();
    if (disk.hasPersistence()) {
      Optional<String> wrong = Identifiers.validate(disk.getPersistence().getId());
      if (wrong.isPresent()) {
        return wrong.map(why -> "'disk.persistence.id': " + why);
      }
    }
    DiskInfo.Source source = disk.getSource();
    return switch (source.getType()) {
      case BLOCK, RAW ->
          source.hasMount() || source.hasPath()
              ? Optional.of(
                  "'disk.source' of type "
                      + source.getType()
                      + " must have neither 'mount' nor 'path'")
              : Optional.empty();
      // A source is optional; without one its type reads as UNKNOWN.
      case UNKNOWN ->
          disk.hasSource()
              ? Optional.of("'disk.source.type' must be PATH, MOUNT, BLOCK or RAW")
              : Optional.empty();
      case MOUNT, PATH -> Optional.empty();
    };
  }

  private static Optional<String> shared(Resource resource) {
    return resource.hasShared() && !resource.getDisk().hasPersistence()
        ? Optional.of("only persistent volumes can be 'shared'")
        : Optional.empty();
  }
}
