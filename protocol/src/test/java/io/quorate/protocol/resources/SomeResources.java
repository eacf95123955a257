package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Label;
import io.quorate.protocol.v1.Labels;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Resource.AllocationInfo;
import io.quorate.protocol.v1.Resource.DiskInfo;
import io.quorate.protocol.v1.Resource.ReservationInfo;
import io.quorate.protocol.v1.Value;

/** Resources for tests. */
final class SomeResources {
  private SomeResources() {}

  static Resources text(String text) {
    return Resources.of(ResourceText.parse(text));
  }

  static Resource scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .build();
  }

  static Resource ports(long... beginsAndEnds) {
    Value.Ranges.Builder ranges = Value.Ranges.newBuilder();
    for (int i = 0; i < beginsAndEnds.length; i += 2) {
      ranges.addRange(
          Value.Range.newBuilder().setBegin(beginsAndEnds[i]).setEnd(beginsAndEnds[i + 1]));
    }
    return Resource.newBuilder()
        .setName("ports")
        .setType(Value.Type.RANGES)
        .setRanges(ranges)
        .build();
  }

  static Resource set(String name, String... items) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SET)
        .setSet(Value.Set.newBuilder().addAllItem(java.util.List.of(items)))
        .build();
  }

  static ReservationInfo fixed(String role) {
    return ReservationInfo.newBuilder().setType(ReservationInfo.Type.STATIC).setRole(role).build();
  }

  static ReservationInfo dynamic(String role, String principal, String... labels) {
    ReservationInfo.Builder reservation =
        ReservationInfo.newBuilder()
            .setType(ReservationInfo.Type.DYNAMIC)
            .setRole(role)
            .setPrincipal(principal);
    for (String label : labels) {
      reservation.getLabelsBuilder().addLabels(Label.newBuilder().setKey(label));
    }
    return reservation.build();
  }

  static Resource reserved(Resource resource, ReservationInfo... stack) {
    return resource.toBuilder().addAllReservations(java.util.List.of(stack)).build();
  }

  static Resource allocated(Resource resource, String role) {
    return resource.toBuilder()
        .setAllocationInfo(AllocationInfo.newBuilder().setRole(role))
        .build();
  }

  static Resource volume(double megabytes, String id) {
    return scalar("disk", megabytes).toBuilder()
        .setDisk(DiskInfo.newBuilder().setPersistence(DiskInfo.Persistence.newBuilder().setId(id)))
        .build();
  }

  static Resource shared(Resource volume) {
    return volume.toBuilder().setShared(Resource.SharedInfo.getDefaultInstance()).build();
  }

  static Resource disk(double megabytes, DiskInfo.Source.Builder source) {
    return scalar("disk", megabytes).toBuilder()
        .setDisk(DiskInfo.newBuilder().setSource(source))
        .build();
  }

  static DiskInfo.Source.Builder source(DiskInfo.Source.Type type) {
    return DiskInfo.Source.newBuilder().setType(type);
  }

  static Labels labels(String... keys) {
    Labels.Builder labels = Labels.newBuilder();
    for (String key : keys) {
      labels.addLabels(Label.newBuilder().setKey(key));
    }
    return labels.build();
  }

  /** In the format before refinement. */
  @SuppressWarnings("deprecation")
  static Resource old(Resource resource, String role, ReservationInfo reservation) {
    Resource.Builder old = resource.toBuilder().setRole(role);
    return reservation == null ? old.build() : old.setReservation(reservation).build();
  }
}
