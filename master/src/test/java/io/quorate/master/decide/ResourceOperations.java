package io.quorate.master.decide;

import io.quorate.protocol.v1.Offer.Operation;
import io.quorate.protocol.v1.OperationID;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Resource.ReservationInfo;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.Volume;
import java.util.List;

/** Offer operations on disk that principal "p" reserves for role "dev". */
final class ResourceOperations {
  static final String ROLE = "dev";

  private ResourceOperations() {}

  static Resource reserved(String name, double value, String role, String principal) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .addReservations(
            ReservationInfo.newBuilder()
                .setType(ReservationInfo.Type.DYNAMIC)
                .setRole(role)
                .setPrincipal(principal))
        .build();
  }

  static Resource disk(double value) {
    return reserved("disk", value, ROLE, "p");
  }

  static Resource volume(String id, double size) {
    Resource.Builder volume = disk(size).toBuilder();
    volume.getDiskBuilder().getPersistenceBuilder().setId(id).setPrincipal("p");
    volume
        .getDiskBuilder()
        .setVolume(Volume.newBuilder().setContainerPath("data").setMode(Volume.Mode.RW));
    return volume.build();
  }

  static Operation.Builder reserve(Resource... resources) {
    return Operation.newBuilder()
        .setType(Operation.Type.RESERVE)
        .setReserve(Operation.Reserve.newBuilder().addAllResources(List.of(resources)));
  }

  static Operation.Builder unreserve(Resource... resources) {
    return Operation.newBuilder()
        .setType(Operation.Type.UNRESERVE)
        .setUnreserve(Operation.Unreserve.newBuilder().addAllResources(List.of(resources)));
  }

  static Operation.Builder create(Resource... volumes) {
    return Operation.newBuilder()
        .setType(Operation.Type.CREATE)
        .setCreate(Operation.Create.newBuilder().addAllVolumes(List.of(volumes)));
  }

  static Operation.Builder destroy(Resource... volumes) {
    return Operation.newBuilder()
        .setType(Operation.Type.DESTROY)
        .setDestroy(Operation.Destroy.newBuilder().addAllVolumes(List.of(volumes)));
  }

  static Operation.Builder named(String id, Operation.Builder operation) {
    return operation.setId(OperationID.newBuilder().setValue(id));
  }

  static Operation.Builder shrink(Resource volume, double less) {
    Operation.Builder shrink = Operation.newBuilder().setType(Operation.Type.SHRINK_VOLUME);
    shrink
        .getShrinkVolumeBuilder()
        .setVolume(volume)
        .setSubtract(Value.Scalar.newBuilder().setValue(less));
    return shrink;
  }
}
