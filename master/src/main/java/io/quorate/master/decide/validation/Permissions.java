package io.quorate.master.decide.validation;

import io.quorate.master.access.Acls;
import io.quorate.master.access.Action;
import io.quorate.master.decide.draft.Policy;
import io.quorate.master.state.entity.RunAs;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one principal may do with the resources and users that a call names (Mesos 8.2). What is
 * missing or wrong in the call is not looked at here.
 */
public record Permissions(Acls acls, String principal) {

  /** Of a framework, the principal that it has said, and been checked for if it had to log in. */
  public static Permissions of(FrameworkInfo framework, Policy policy) {
    return new Permissions(policy.acls(), framework.getPrincipal());
  }

  private Optional<String> validate(Action action, String what, String object) {
    return acls.allow(action, principal, object)
        ? Optional.empty()
        : Optional.of(
            "Not authorized to " + what + " '" + object + "' as principal '" + principal + "'");
  }

  /** Of a framework: may it have these roles? */
  public Optional<String> validateRoles(Iterable<String> roles) {
    for (String role : roles) {
      Optional<String> wrong = validate(Action.REGISTER_FRAMEWORKS, "use role", role);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  /** Says why a principal may not run this task as its user (CP-234). */
  public Optional<String> validateUser(TaskInfo task, FrameworkInfo framework) {
    return validate(Action.RUN_TASKS, "run tasks as user", RunAs.user(task, framework));
  }

  /** Validates that the framework may do an operation other than a launch. */
  public Optional<String> validate(Offer.Operation operation) {
    return switch (operation.getType()) {
      case RESERVE -> validateReserve(operation.getReserve());
      case UNRESERVE -> validateUnreserve(last(operation.getUnreserve().getResourcesList()));
      case CREATE ->
          validateRole(
              Action.CREATE_VOLUMES, "create volumes of", operation.getCreate().getVolumesList());
      case DESTROY -> validateDestroy(operation.getDestroy().getVolumesList());
      case GROW_VOLUME ->
          validateRole(
              Action.RESIZE_VOLUMES,
              "resize volumes of",
              List.of(operation.getGrowVolume().getVolume()));
      case SHRINK_VOLUME ->
          validateRole(
              Action.RESIZE_VOLUMES,
              "resize volumes of",
              List.of(operation.getShrinkVolume().getVolume()));
      // CREATE_DISK and DESTROY_DISK: there are no resource providers.
      default -> Optional.empty();
    };
  }

  private static Optional<String> role(Resource resource) {
    int depth = resource.getReservationsCount();
    return depth == 0
        ? Optional.empty()
        : Optional.of(resource.getReservations(depth - 1).getRole());
  }

  private Optional<String> validateRole(Action action, String what, List<Resource> resources) {
    return first(
        resources,
        resource -> role(resource).flatMap(role -> validate(action, what + " role", role)));
  }

  /** One stack for another: what is popped is unreserved, what is pushed is reserved. */
  private Optional<String> validateReserve(Offer.Operation.Reserve call) {
    if (call.getSourceCount() == 0) {
      return validateRole(
          Action.RESERVE_RESOURCES, "reserve resources for", call.getResourcesList());
    }
    int common = common(call);
    List<Resource> pushed = new ArrayList<>();
    for (Resource resource : call.getResourcesList()) {
      for (int depth = common + 1; depth <= resource.getReservationsCount(); depth++) {
        pushed.add(
            resource.toBuilder()
                .clearReservations()
                .addAllReservations(resource.getReservationsList().subList(0, depth))
                .build());
      }
    }
    List<Resource.ReservationInfo> popped = new ArrayList<>();
    for (Resource resource : call.getSourceList()) {
      popped.addAll(
          resource.getReservationsList().subList(common, resource.getReservationsCount()));
    }
    return validateUnreserve(popped)
        .or(() -> validateRole(Action.RESERVE_RESOURCES, "reserve resources for", pushed));
  }

  /** How many reservations, from the bottom, all of source and target have in common. */
  private static int common(Offer.Operation.Reserve call) {
    List<Resource> all = new ArrayList<>(call.getSourceList());
    all.addAll(call.getResourcesList());
    Resource first = all.get(0);
    int common = 0;
    while (common < first.getReservationsCount()) {
      int depth = common;
      boolean same =
          all.stream()
              .allMatch(
                  resource ->
                      resource.getReservationsCount() > depth
                          && resource.getReservations(depth).equals(first.getReservations(depth)));
      if (!same) {
        break;
      }
      common++;
    }
    return common;
  }

  private static List<Resource.ReservationInfo> last(List<Resource> resources) {
    List<Resource.ReservationInfo> last = new ArrayList<>();
    for (Resource resource : resources) {
      int depth = resource.getReservationsCount();
      if (depth > 0) {
        last.add(resource.getReservations(depth - 1));
      }
    }
    return last;
  }

  private Optional<String> validateUnreserve(List<Resource.ReservationInfo> popped) {
    return first(
        popped,
        reservation ->
            validate(
                Action.UNRESERVE_RESOURCES,
                "unreserve resources of principal",
                reservation.getPrincipal()));
  }

  private Optional<String> validateDestroy(List<Resource> volumes) {
    return first(
        volumes,
        volume ->
            validate(
                Action.DESTROY_VOLUMES,
                "destroy volumes of principal",
                volume.getDisk().getPersistence().getPrincipal()));
  }

  private static <T> Optional<String> first(
      List<T> all, java.util.function.Function<T, Optional<String>> rule) {
    for (T item : all) {
      Optional<String> wrong = rule.apply(item);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }
}
