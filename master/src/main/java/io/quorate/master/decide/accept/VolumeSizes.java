package io.quorate.master.decide.accept;

import io.quorate.master.state.entity.Agent;
import io.quorate.protocol.resources.FixedPoint;
import io.quorate.protocol.resources.ResourceValidation;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Resource;
import java.util.List;
import java.util.Optional;

/** Rules of GROW_VOLUME and SHRINK_VOLUME (Mesos 3.6; CP-210 to CP-212). */
public final class VolumeSizes {
  private final Agent agent;

  public VolumeSizes(Agent agent) {
    this.agent = agent;
  }

  public Conversion grow(Offer.Operation.GrowVolume call) {
    Optional<String> wrong =
        validate(List.of(call.getVolume(), call.getAddition()), call.getVolume());
    if (wrong.isPresent()) {
      return new Conversion.Wrong(wrong.get());
    }
    Resource volume = canonical(call.getVolume());
    Resource addition = canonical(call.getAddition());
    if (!amount(addition, 0).equals(amount(Volumes.plainDisk(volume), 0))) {
      return new Conversion.Wrong("'addition' is not disk of the kind that the volume is on");
    }
    long sizeMillis =
        FixedPoint.millis(volume.getScalar()) + FixedPoint.millis(addition.getScalar());
    return new Conversion.Allowed(
        Resources.of(List.of(volume, addition)),
        Resources.of(List.of(amount(volume, sizeMillis))),
        true);
  }

  public Conversion shrink(Offer.Operation.ShrinkVolume call) {
    Optional<String> wrong = validate(List.of(call.getVolume()), call.getVolume());
    if (wrong.isPresent()) {
      return new Conversion.Wrong(wrong.get());
    }
    Resource volume = canonical(call.getVolume());
    boolean mount = volume.getDisk().getSource().getType() == Resource.DiskInfo.Source.Type.MOUNT;
    if (volume.getDisk().hasSource() && mount) {
      return new Conversion.Wrong("A volume on a MOUNT disk cannot be shrunk");
    }
    long lessMillis = FixedPoint.millis(call.getSubtract());
    long sizeMillis = FixedPoint.millis(volume.getScalar()) - lessMillis;
    if (lessMillis <= 0 || sizeMillis <= 0) {
      return new Conversion.Wrong("'subtract' must be positive and less than the volume's size");
    }
    return new Conversion.Allowed(
        Resources.of(List.of(volume)),
        Resources.of(
            List.of(amount(volume, sizeMillis), amount(Volumes.plainDisk(volume), lessMillis))),
        true);
  }

  private Optional<String> validate(List<Resource> resources, Resource volume) {
    Optional<String> invalid = ResourceValidation.validate(resources);
    if (invalid.isPresent()) {
      return Optional.of("Invalid resources: " + invalid.get());
    }
    for (Resource part : resources) {
      if (FixedPoint.millis(part.getScalar()) <= 0) {
        return Optional.of("'volume' and 'addition' must be disk of a positive size");
      }
    }
    if (!agent.has(AgentInfo.Capability.Type.RESIZE_VOLUME)) {
      return Optional.of("Agent " + agent.id() + " does not support resizing of volumes");
    }
    if (!volume.getDisk().hasPersistence()) {
      return Optional.of("'volume' is no persistent volume");
    }
    if (volume.hasShared()) {
      return Optional.of("A shared volume cannot be resized");
    }
    return resources.stream().anyMatch(Resource::hasProviderId)
        ? Optional.of("Agent " + agent.id() + " has no resource provider")
        : Optional.empty();
  }

  private static Resource canonical(Resource resource) {
    return Resources.of(List.of(resource)).unallocated().toProtos().get(0);
  }

  private static Resource amount(Resource resource, long millis) {
    return resource.toBuilder().setScalar(FixedPoint.scalar(millis)).build();
  }
}
