package io.quorate.master.decide.accept;

import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.protocol.resources.ResourceValidation;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Resource.ReservationInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules of RESERVE, UNRESERVE and the disk operations (Mesos 3.6). */
public final class OperationRules {
  private final Agent agent;
  private final Requester requester;
  private final Resources available;

  /**
   * A requester is who asks.
   *
   * @param framework empty for an operator
   * @param principal empty if it has none
   * @param role what the accepted offers are allocated to; empty for an operator
   */
  public record Requester(Optional<Framework> framework, String principal, String role) {
    public static Requester of(Framework framework, String role) {
      return new Requester(Optional.of(framework), framework.info().getPrincipal(), role);
    }

    public static Requester operator(String principal) {
      return new Requester(Optional.empty(), principal, "");
    }
  }

  /** On what an ACCEPT has left, or for an operator on all that is free. */
  public OperationRules(Agent agent, Requester requester, Resources available) {
    this.agent = agent;
    this.requester = requester;
    this.available = available;
  }

  public Conversion check(Offer.Operation operation) {
    Conversion conversion =
        switch (operation.getType()) {
          case RESERVE -> reserve(operation.getReserve());
          case UNRESERVE -> unreserve(operation.getUnreserve().getResourcesList());
          case CREATE -> create(operation.getCreate().getVolumesList());
          case DESTROY -> destroy(operation.getDestroy().getVolumesList());
          case GROW_VOLUME -> new VolumeSizes(agent).grow(operation.getGrowVolume());
          case SHRINK_VOLUME -> new VolumeSizes(agent).shrink(operation.getShrinkVolume());
          case CREATE_DISK, DESTROY_DISK ->
              new Conversion.Wrong(
                  "The resources belong to no resource provider: agents have none (CP-218)");
          case LAUNCH, LAUNCH_GROUP, UNKNOWN ->
              new Conversion.Wrong("Operations of type " + operation.getType() + " are unknown");
        };
    if (conversion instanceof Conversion.Allowed allowed
        && !available.contains(allowed.consumed())) {
      return new Conversion.Wrong(
          "Invalid "
              + operation.getType()
              + ": "
              + available
              + " does not contain "
              + allowed.consumed());
    }
    return conversion;
  }

  /** The resources in canonical form and without allocation, or what is wrong with them. */
  private Optional<String> validate(List<Resource> resources) {
    if (resources.isEmpty()) {
      return Optional.of("'resources' is empty");
    }
    Optional<String> invalid = ResourceValidation.validate(resources);
    if (invalid.isPresent()) {
      return Optional.of("Invalid resources: " + invalid.get());
    }
    Optional<String> overlap = Resources.overlap(resources);
    if (overlap.isPresent()) {
      return Optional.of("Some of '" + overlap.get() + "' is named more than once");
    }
    for (Resource resource : resources) {
      String role = resource.getAllocationInfo().getRole();
      if (resource.hasAllocationInfo() && !role.equals(requester.role())) {
        return Optional.of(
            requester.framework().isEmpty()
                ? "'allocation_info' must not be set by an operator"
                : "Resources are allocated to role '"
                    + role
                    + "', the offer to role '"
                    + requester.role()
                    + "'");
      }
      if (resource.hasProviderId()) {
        return Optional.of("Agent " + agent.id() + " has no resource provider");
      }
    }
    return Optional.empty();
  }

  private static List<Resource> canonical(List<Resource> resources) {
    return Resources.of(resources).unallocated().toProtos();
  }

  private Conversion reserve(Offer.Operation.Reserve call) {
    Optional<String> wrong = validate(call.getResourcesList());
    if (wrong.isPresent()) {
      return new Conversion.Wrong(wrong.get());
    }
    if (call.getSourceCount() > 0) {
      return requester.framework().isPresent()
          ? new Conversion.Wrong("'source' must not be set by a framework (CP-200)")
          : reserveAgain(call);
    }
    List<Resource> consumed = new ArrayList<>();
    List<Resource> reserved = canonical(call.getResourcesList());
    for (Resource resource : reserved) {
      Optional<String> why = validateReservation(resource);
      if (why.isPresent()) {
        return new Conversion.Wrong(why.get());
      }
      consumed.add(popped(resource));
    }
    return Conversion.of(consumed, reserved);
  }

  /** An operator replaces one stack of reservations by another (Mesos 5.5). */
  private Conversion reserveAgain(Offer.Operation.Reserve call) {
    Optional<String> wrong = validate(call.getSourceList());
    if (wrong.isPresent()) {
      return new Conversion.Wrong("'source': " + wrong.get());
    }
    List<Resource> source = Resources.of(call.getSourceList()).toProtos();
    List<Resource> target = Resources.of(call.getResourcesList()).toProtos();
    Conversion bare = Conversion.of(bare(source), bare(target));
    if (!(bare instanceof Conversion.Allowed same) || !same.consumed().equals(same.converted())) {
      return new Conversion.Wrong(
          "'source' and 'resources' must be the same but for their reservations");
    }
    for (Resource resource : target) {
      Optional<String> why = validateReservation(resource);
      if (why.isPresent()) {
        return new Conversion.Wrong(why.get());
      }
    }
    return Conversion.of(source, target);
  }

  private static List<Resource> bare(List<Resource> resources) {
    return resources.stream()
        .map(resource -> resource.toBuilder().clearReservations().build())
        .toList();
  }

  private Optional<String> validateReservation(Resource resource) {
    int depth = resource.getReservationsCount();
    if (depth == 0) {
      return Optional.of("Resource '" + resource.getName() + "' is not reserved");
    }
    ReservationInfo last = resource.getReservations(depth - 1);
    if (last.getType() != ReservationInfo.Type.DYNAMIC) {
      return Optional.of("Resource '" + resource.getName() + "' is not dynamically reserved");
    }
    if (resource.hasRevocable()) {
      return Optional.of("Revocable resource '" + resource.getName() + "' cannot be reserved");
    }
    if (resource.getDisk().hasPersistence()) {
      return Optional.of("A persistent volume cannot be reserved");
    }
    if (depth > 1 && !agent.has(AgentInfo.Capability.Type.RESERVATION_REFINEMENT)) {
      return Optional.of("Agent " + agent.id() + " does not support refined reservations");
    }
    if (requester.framework().isPresent()) {
      String role = last.getRole();
      if (!role.equals(requester.role())) {
        return Optional.of(
            "The reservation's role '"
                + role
                + "' is not the role '"
                + requester.role()
                + "' that the offer is allocated to");
      }
      if (!requester.framework().get().roles().contains(role)) {
        return Optional.of("The framework is not subscribed to role '" + role + "'");
      }
    }
    return validatePrincipal("reservation", last.getPrincipal());
  }

  private Optional<String> validatePrincipal(String where, String principal) {
    boolean wrong =
        requester.principal().isEmpty()
            ? requester.framework().isPresent() && !principal.isEmpty()
            : !principal.equals(requester.principal());
    return wrong
        ? Optional.of(
            "The "
                + where
                + "'s principal '"
                + principal
                + "' is not the requester's '"
                + requester.principal()
                + "'")
        : Optional.empty();
  }

  private Conversion unreserve(List<Resource> resources) {
    Optional<String> wrong = validate(resources);
    if (wrong.isPresent()) {
      return new Conversion.Wrong(wrong.get());
    }
    List<Resource> consumed = canonical(resources);
    List<Resource> popped = new ArrayList<>();
    for (Resource resource : consumed) {
      int depth = resource.getReservationsCount();
      if (depth == 0
          || resource.getReservations(depth - 1).getType() != ReservationInfo.Type.DYNAMIC) {
        return new Conversion.Wrong(
            "Resource '" + resource.getName() + "' is not dynamically reserved");
      }
      if (resource.getDisk().hasPersistence()) {
        return new Conversion.Wrong("A persistent volume cannot be unreserved: destroy it first");
      }
      popped.add(popped(resource));
    }
    return Conversion.of(consumed, popped);
  }

  private static Resource popped(Resource resource) {
    return resource.toBuilder().removeReservations(resource.getReservationsCount() - 1).build();
  }

  private Conversion create(List<Resource> volumes) {
    Optional<String> wrong = validate(volumes);
    if (wrong.isPresent()) {
      return new Conversion.Wrong(wrong.get());
    }
    List<Resource> converted = canonical(volumes);
    List<Resource> consumed = new ArrayList<>();
    for (Resource resource : converted) {
      Optional<String> why = Volumes.validateNew(resource, agent, converted);
      if (why.isEmpty()) {
        why = validatePrincipal("volume", resource.getDisk().getPersistence().getPrincipal());
      }
      if (why.isEmpty() && resource.hasShared() && requester.framework().isPresent()) {
        boolean capable =
            requester.framework().get().has(FrameworkInfo.Capability.Type.SHARED_RESOURCES);
        why = capable ? why : Optional.of("The framework does not have SHARED_RESOURCES");
      }
      if (why.isPresent()) {
        return new Conversion.Wrong(why.get());
      }
      consumed.add(Volumes.plainDisk(resource));
    }
    return Conversion.of(consumed, converted);
  }

  private Conversion destroy(List<Resource> volumes) {
    Optional<String> wrong = validate(volumes);
    if (wrong.isPresent()) {
      return new Conversion.Wrong(wrong.get());
    }
    List<Resource> consumed = canonical(volumes);
    List<Resource> plain = new ArrayList<>();
    for (Resource resource : consumed) {
      if (!resource.getDisk().hasPersistence()) {
        return new Conversion.Wrong("'volumes' holds a resource that is no persistent volume");
      }
      String id = resource.getDisk().getPersistence().getId();
      if (!agent.total().contains(Resources.of(List.of(resource)))) {
        return new Conversion.Wrong("Persistent volume '" + id + "' does not exist");
      }
      if (agent.used().contains(Resources.of(List.of(resource)))) {
        return new Conversion.Wrong("Persistent volume '" + id + "' is in use (CP-208)");
      }
      plain.add(Volumes.plainDisk(resource));
    }
    return Conversion.of(consumed, plain);
  }
}
