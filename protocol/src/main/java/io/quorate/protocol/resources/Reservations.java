package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Label;
import io.quorate.protocol.v1.Resource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The three formats of a reservation, and the way between them (Mesos 2.3). */
final class Reservations {
  private static final String ANY_ROLE = "*";

  private Reservations() {}

  /** Returns the resource with the stack of reservations, and with role and reservation unset. */
  @SuppressWarnings("deprecation") // The old format is what is upgraded here.
  static Resource canonical(Resource resource) {
    Resource.Builder canonical = resource.toBuilder().clearRole().clearReservation();
    if (resource.getReservationsCount() > 0) {
      canonical.getReservationsBuilderList().forEach(Reservations::sortLabels);
      return canonical.build();
    }
    boolean dynamic = resource.hasReservation();
    if (!dynamic && resource.getRole().equals(ANY_ROLE)) {
      return canonical.build();
    }
    Resource.ReservationInfo.Builder reservation =
        dynamic ? resource.getReservation().toBuilder() : Resource.ReservationInfo.newBuilder();
    reservation
        .setType(
            dynamic ? Resource.ReservationInfo.Type.DYNAMIC : Resource.ReservationInfo.Type.STATIC)
        .setRole(resource.getRole());
    sortLabels(reservation);
    return canonical.addReservations(reservation).build();
  }

  // Labels are a bag: two orders of the same labels are one reservation.
  private static void sortLabels(Resource.ReservationInfo.Builder reservation) {
    if (reservation.getLabels().getLabelsCount() > 1) {
      List<Label> sorted = new ArrayList<>(reservation.getLabels().getLabelsList());
      sorted.sort(Comparator.comparing(Label::getKey).thenComparing(Label::getValue));
      reservation.getLabelsBuilder().clearLabels().addAllLabels(sorted);
    }
  }

  /** To {@code role} and {@code reservation}; the stack must have at most one entry. */
  @SuppressWarnings("deprecation") // The old format is what frameworks without refinement read.
  static Resource preRefinement(Resource canonical) {
    Resource.Builder old = canonical.toBuilder().clearReservations();
    if (canonical.getReservationsCount() > 1) {
      throw new IllegalArgumentException(
          "resource '" + canonical.getName() + "' is refined: it has no pre-refinement form");
    }
    if (canonical.getReservationsCount() == 0) {
      return old.setRole(ANY_ROLE).build();
    }
    Resource.ReservationInfo reservation = canonical.getReservations(0);
    old.setRole(reservation.getRole());
    if (reservation.getType() == Resource.ReservationInfo.Type.DYNAMIC) {
      old.setReservation(reservation.toBuilder().clearType().clearRole());
    }
    return old.build();
  }

  /** The canonical form, with the old fields beside it where they can say the same. */
  @SuppressWarnings("deprecation") // What operators' tools read.
  static Resource endpoint(Resource canonical) {
    if (canonical.getReservationsCount() > 1) {
      return canonical;
    }
    Resource old = preRefinement(canonical);
    Resource.Builder both = canonical.toBuilder().setRole(old.getRole());
    if (old.hasReservation()) {
      both.setReservation(old.getReservation());
    }
    return both.build();
  }
}
