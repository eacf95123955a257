package io.quorate.master.decide;

import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Resource.ReservationInfo;
import io.quorate.protocol.v1.Value;

/** Dynamically reserved scalars. */
final class ReservedBy {
  private ReservedBy() {}

  /** By an operator without a principal. */
  static Resource operator(String name, double value, String role) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .addReservations(
            ReservationInfo.newBuilder().setType(ReservationInfo.Type.DYNAMIC).setRole(role))
        .build();
  }
}
