package io.quorate.protocol.resources;

import io.quorate.protocol.Roles;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What makes a resource invalid (Mesos 2.3). Each answer names the resource, the field and the
 * rule.
 */
public final class ResourceValidation {
  private static final long ONE_MILLIS = 1000;

  private ResourceValidation() {}

  /** The first thing wrong; empty if all are valid. */
  public static Optional<String> validate(List<Resource> resources) {
    for (Resource each : resources) {
      Optional<String> wrong = validate(each);
      if (wrong.isPresent()) {
        return wrong;
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
        .or(() -> reservations(resource))
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
    return resource.getName().equals("gpus") && Identity.millis(resource) % ONE_MILLIS != 0
        ? Optional.of("'gpus' must be a whole number, but is " + value)
        : Optional.empty();
  }

  private static Optional<String> ranges(Resource resource) {
    if (!resource.hasRanges() || resource.hasScalar() || resource.hasSet()) {
      return Optional.of("RANGES must have 'ranges' and nothing else");
    }
    List<Value.Range> ranges = resource.getRanges().getRangeList();
    for (int i = 0; i < ranges.size(); i++) {
      Value.Range one = ranges.get(i);
      if (Long.compareUnsigned(one.getBegin(), one.getEnd()) > 0) {
        return Optional.of("the range " + text(one) + " ends before it begins");
      }
      for (Value.Range other : ranges.subList(i + 1, ranges.size())) {
        if (one.getBegin() <= other.getEnd() && other.getBegin() <= one.getEnd()) {
          return Optional.of("the ranges " + text(one) + " and " + text(other) + " overlap");
        }
      }
    }
    return Optional.empty();
  }

  private static String text(Value.Range range) {
    return range.getBegin() + "-" + range.getEnd();
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
    return resource.hasDisk() && !resource.getName().equals("disk")
        ? Optional.of("'disk' info is only valid on the resource named disk")
        : Optional.empty();
  }

  @SuppressWarnings("deprecation") // Both formats are validated.
  private static Optional<String> reservations(Resource resource) {
    if (resource.getReservationsCount() > 0 && resource.hasReservation()) {
      return Optional.of("'reservation' and 'reservations' must not both be set");
    }
    if (resource.hasRole()) {
      Optional<String> wrong = Roles.validate(resource.getRole());
      if (wrong.isPresent()) {
        return Optional.of("'role': " + wrong.get());
      }
    }
    String below = null;
    for (Resource.ReservationInfo each : resource.getReservationsList()) {
      Optional<String> wrong = Roles.validate(each.getRole());
      if (wrong.isPresent()) {
        return Optional.of("'reservations.role': " + wrong.get());
      }
      if (each.getRole().equals("*")) {
        return Optional.of("'*' cannot be reserved");
      }
      if (below != null && !Roles.strictSubRole(each.getRole(), below)) {
        return Optional.of(
            "the reservation for '"
                + each.getRole()
                + "' does not refine that for '"
                + below
                + "'");
      }
      if (below != null && each.getType() == Resource.ReservationInfo.Type.STATIC) {
        return Optional.of("a refined reservation must be DYNAMIC");
      }
      below = each.getRole();
    }
    return Optional.empty();
  }
}
