package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The text form of resources: {@code name(role):value;...} (Mesos 2.3, CP-098). */
public final class ResourceText {
  private static final String ANY_ROLE = "*";

  private ResourceText() {}

  /**
   * Reads {@code cpus:4;mem:1024;ports:[31000-32000];zones:{a,b}}, with an optional role behind a
   * name for what is statically reserved.
   *
   * @throws IllegalArgumentException naming the part that cannot be read
   */
  public static List<Resource> parse(String text) {
    List<Resource> resources = new ArrayList<>();
    for (String part : text.split(";")) {
      if (part.isBlank()) {
        continue;
      }
      int colon = part.indexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException("'" + part + "' is not of the form name:value");
      }
      resources.add(resource(part.substring(0, colon).trim(), part.substring(colon + 1).trim()));
    }
    ResourceValidation.validate(resources)
        .ifPresent(
            wrong -> {
              throw new IllegalArgumentException(wrong);
            });
    return resources;
  }

  private static Resource resource(String nameAndRole, String text) {
    String name = nameAndRole;
    Resource.Builder resource = Resource.newBuilder();
    int open = nameAndRole.indexOf('(');
    if (open > 0 && nameAndRole.endsWith(")")) {
      name = nameAndRole.substring(0, open);
      String role = nameAndRole.substring(open + 1, nameAndRole.length() - 1);
      if (!role.equals(ANY_ROLE)) {
        resource.addReservations(
            Resource.ReservationInfo.newBuilder()
                .setType(Resource.ReservationInfo.Type.STATIC)
                .setRole(role));
      }
    }
    ParsedValue value = ParsedValue.of(text);
    if (value.type() == Value.Type.TEXT) {
      throw new IllegalArgumentException(
          "'" + name + "': '" + text + "' is no number, [range] or {set}");
    }
    resource.setName(name).setType(value.type());
    switch (value.type()) {
      case SCALAR -> resource.setScalar(value.scalar());
      case RANGES -> resource.setRanges(value.ranges());
      case SET, TEXT -> resource.setSet(value.set());
    }
    return resource.build();
  }

  static String print(Resource resource) {
    String role =
        resource.getReservationsCount() == 0
            ? ""
            : "(" + resource.getReservations(resource.getReservationsCount() - 1).getRole() + ")";
    return resource.getName() + role + ":" + print(resource.getType(), resource);
  }

  private static String print(Value.Type type, Resource resource) {
    return switch (type) {
      case SCALAR ->
          new BigDecimal(String.valueOf(resource.getScalar().getValue()))
              .stripTrailingZeros()
              .toPlainString();
      case RANGES ->
          resource.getRanges().getRangeList().stream()
              .map(range -> range.getBegin() + "-" + range.getEnd())
              .collect(Collectors.joining(", ", "[", "]"));
      case SET ->
          resource.getSet().getItemList().stream().collect(Collectors.joining(", ", "{", "}"));
      case TEXT -> "";
    };
  }
}
