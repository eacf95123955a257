package io.quorate.protocol.resources;

import io.quorate.protocol.Roles;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Resource.ReservationInfo;
import java.util.List;
import java.util.Optional;

/** What makes the reservations of a resource invalid, in each of the three formats (Mesos 2.3). */
final class ReservationValidation {
  private ReservationValidation() {}

  static Optional<String> validate(Resource resource) {
    return resource.getReservationsCount() > 0
        ? stack(resource.getReservationsList()).or(() -> mixed(resource))
        : old(resource);
  }

  private static Optional<String> stack(List<ReservationInfo> stack) {
    String below = null;
    for (ReservationInfo reservation : stack) {
      Optional<String> wrong = Roles.validate(reservation.getRole());
      if (wrong.isPresent()) {
        return wrong.map(why -> "'reservations.role': " + why);
      }
      if (reservation.getRole().equals(Roles.ANY)) {
        return Optional.of("'reservations.role': '*' cannot be reserved");
      }
      if (reservation.getType() == ReservationInfo.Type.UNKNOWN) {
        return Optional.of("'reservations.type' must be STATIC or DYNAMIC");
      }
      if (below != null && !Roles.strictSubRole(reservation.getRole(), below)) {
        return Optional.of(
            "the reservation for '"
                + reservation.getRole()
                + "' does not refine that for '"
                + below
                + "'");
      }
      if (below != null && reservation.getType() == ReservationInfo.Type.STATIC) {
        return Optional.of("a refined reservation must be DYNAMIC");
      }
      below = reservation.getRole();
    }
    return Optional.empty();
  }

  /** The old fields beside the stack must say what the stack says: the endpoint format. */
  @SuppressWarnings("deprecation") // Both formats are validated.
  private static Optional<String> mixed(Resource resource) {
    if (!resource.hasRole() && !resource.hasReservation()) {
      return Optional.empty();
    }
    boolean same =
        resource.getReservationsCount() == 1
            && Reservations.canonical(resource.toBuilder().clearReservations().build())
                .getReservationsList()
                .equals(Reservations.canonical(resource).getReservationsList());
    return same
        ? Optional.empty()
        : Optional.of("'role' and 'reservation' differ from 'reservations'");
  }

  @SuppressWarnings("deprecation") // The old format is validated here.
  private static Optional<String> old(Resource resource) {
    Optional<String> wrong = Roles.validate(resource.getRole());
    if (wrong.isPresent()) {
      return wrong.map(why -> "'role': " + why);
    }
    if (!resource.hasReservation()) {
      return Optional.empty();
    }
    if (resource.getRole().equals(Roles.ANY)) {
      return Optional.of("'role': '*' cannot be reserved");
    }
    return resource.getReservation().hasRole() || resource.getReservation().hasType()
        ? Optional.of(
            "'reservation' must have neither 'role' nor 'type': they go with 'reservations'")
        : Optional.empty();
  }
}
