package io.quorate.protocol.resources;

import io.quorate.protocol.json.JsonMappingException;
import io.quorate.protocol.json.JsonSyntaxException;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Resource.ReservationInfo;
import io.quorate.protocol.v1.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What an operator writes for resources: text, or a JSON array (Mesos 2.3, CP-098). */
public final class ResourceText {
  private static final String ANY_ROLE = "*";

  private ResourceText() {}

  /**
   * Reads {@code cpus:4;mem:1024;ports:[31000-32000];zones:{a,b}}, with an optional role behind a
   * name for what is statically reserved, as in {@code cpus(ops):4}; or a JSON array of Resource.
   * Ranges that overlap or touch become one (CP-098).
   *
   * @return valid resources, in the order given
   * @throws IllegalArgumentException naming the part that cannot be read, or the rule that it
   *     breaks
   */
  public static List<Resource> parse(String text) {
    List<Resource> resources = text.stripLeading().startsWith("[") ? json(text) : semicolons(text);
    ResourceValidation.validate(resources)
        .ifPresent(
            wrong -> {
              throw new IllegalArgumentException(wrong);
            });
    return resources;
  }

  private static List<Resource> json(String text) {
    try {
      return ProtoJson.readArray(
              text.getBytes(StandardCharsets.UTF_8), Resource.getDefaultInstance())
          .stream()
          .map(ResourceText::coalesced)
          .toList();
    } catch (JsonSyntaxException | JsonMappingException e) {
      throw new IllegalArgumentException("the JSON array of resources: " + e.getMessage(), e);
    }
  }

  private static Resource coalesced(Resource resource) {
    if (!resource.hasRanges()) {
      return resource;
    }
    return resource.toBuilder()
        .setRanges(ValueText.coalesced(resource.getName(), resource.getRanges().getRangeList()))
        .build();
  }

  private static List<Resource> semicolons(String text) {
    List<Resource> resources = new ArrayList<>();
    for (String part : text.split(";")) {
      if (part.isBlank()) {
        continue;
      }
      int colon = part.indexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException("'" + part.trim() + "' is not of the form name:value");
      }
      resources.add(resource(part.substring(0, colon).trim(), part.substring(colon + 1).trim()));
    }
    return resources;
  }

  private static Resource resource(String nameAndRole, String text) {
    Resource.Builder resource = Resource.newBuilder();
    int open = nameAndRole.indexOf('(');
    if (open < 0 ? nameAndRole.endsWith(")") : !nameAndRole.endsWith(")")) {
      throw new IllegalArgumentException("'" + nameAndRole + "' is not of the form name(role)");
    }
    String name = open < 0 ? nameAndRole : nameAndRole.substring(0, open).trim();
    if (open >= 0) {
      String role = nameAndRole.substring(open + 1, nameAndRole.length() - 1).trim();
      if (!role.equals(ANY_ROLE)) {
        resource.addReservations(
            ReservationInfo.newBuilder().setType(ReservationInfo.Type.STATIC).setRole(role));
      }
    }
    Value value = ValueText.parse(name, text);
    resource.setName(name).setType(value.getType());
    switch (value.getType()) {
      case SCALAR -> resource.setScalar(value.getScalar());
      case RANGES -> resource.setRanges(value.getRanges());
      case SET -> resource.setSet(value.getSet());
      case TEXT ->
          throw new IllegalArgumentException(
              "'" + name + "': '" + text + "' is no number, [range] or {set}");
    }
    return resource.build();
  }
}
