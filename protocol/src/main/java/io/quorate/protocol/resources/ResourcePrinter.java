package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Resource.DiskInfo;
import io.quorate.protocol.v1.Resource.ReservationInfo;
import io.quorate.protocol.v1.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Canonical resources as Mesos writes them in messages, e.g. {@code cpus(allocated: *):7.8}. */
final class ResourcePrinter {
  private ResourcePrinter() {}

  static String print(Resource resource) {
    StringBuilder text = new StringBuilder(resource.getName());
    if (resource.hasAllocationInfo()) {
      text.append("(allocated: ").append(resource.getAllocationInfo().getRole()).append(')');
    }
    if (resource.getReservationsCount() > 0) {
      text.append(
          resource.getReservationsList().stream()
              .map(ResourcePrinter::reservation)
              .collect(Collectors.joining(",", "(reservations: [", "])")));
    }
    if (resource.hasDisk()) {
      text.append('[').append(disk(resource.getDisk())).append(']');
    }
    if (resource.hasRevocable()) {
      text.append("{REV}");
    }
    if (resource.hasShared()) {
      text.append("<SHARED>");
    }
    return text.append(':').append(value(resource)).toString();
  }

  private static String reservation(ReservationInfo reservation) {
    List<String> parts = new ArrayList<>();
    parts.add(reservation.getType().name());
    parts.add(reservation.getRole());
    if (reservation.hasPrincipal()) {
      parts.add(reservation.getPrincipal());
    }
    if (reservation.hasLabels()) {
      parts.add(
          reservation.getLabels().getLabelsList().stream()
              .map(
                  label ->
                      label.hasValue() ? label.getKey() + ": " + label.getValue() : label.getKey())
              .collect(Collectors.joining(", ", "{", "}")));
    }
    return "(" + String.join(",", parts) + ")";
  }

  private static String disk(DiskInfo disk) {
    List<String> parts = new ArrayList<>();
    if (disk.hasSource()) {
      DiskInfo.Source source = disk.getSource();
      String root = source.hasMount() ? source.getMount().getRoot() : source.getPath().getRoot();
      parts.add(source.getType() + "(" + (source.hasId() ? source.getId() : root) + ")");
    }
    if (disk.hasPersistence()) {
      parts.add(
          disk.hasVolume()
              ? disk.getPersistence().getId() + ":" + disk.getVolume().getContainerPath()
              : disk.getPersistence().getId());
    }
    return String.join(",", parts);
  }

  private static String value(Resource resource) {
    return switch (resource.getType()) {
      case SCALAR ->
          BigDecimal.valueOf(resource.getScalar().getValue()).stripTrailingZeros().toPlainString();
      case RANGES ->
          resource.getRanges().getRangeList().stream()
              .map(ResourceValidation::text)
              .collect(Collectors.joining(", ", "[", "]"));
      case SET ->
          resource.getSet().getItemList().stream().collect(Collectors.joining(", ", "{", "}"));
      case TEXT -> throw new IllegalStateException(Value.Type.TEXT + " is no type of resources");
    };
  }
}
