package io.quorate.master.decide.accept;

import io.quorate.master.state.entity.Agent;
import io.quorate.protocol.Identifiers;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Volume;
import java.util.List;
import java.util.Optional;

/** Rules about persistent volumes (Mesos 3.6). */
public final class Volumes {
  private Volumes() {}

  /** The disk that a volume is made of, or becomes when it is destroyed. */
  public static Resource plainDisk(Resource volume) {
    Resource.Builder plain = volume.toBuilder().clearShared();
    Resource.DiskInfo.Builder disk = volume.getDisk().toBuilder().clearPersistence().clearVolume();
    return disk.hasSource() ? plain.setDisk(disk).build() : plain.clearDisk().build();
  }

  /** What is wrong with a volume that is to be created (CP-204 to CP-206). */
  public static Optional<String> validateNew(
      Resource volume, Agent agent, List<Resource> together) {
    Resource.DiskInfo disk = volume.getDisk();
    if (!volume.getName().equals("disk") || !disk.hasPersistence() || !disk.hasVolume()) {
      return Optional.of("'volumes' holds a resource without 'disk.persistence' and 'disk.volume'");
    }
    String id = disk.getPersistence().getId();
    Optional<String> malformed = Identifiers.validate(id);
    if (malformed.isPresent()) {
      return Optional.of("Persistence ID " + malformed.get());
    }
    if (disk.getVolume().hasHostPath()) {
      return Optional.of("'disk.volume.host_path' of volume '" + id + "' must not be set");
    }
    if (disk.getVolume().getMode() != Volume.Mode.RW) {
      return Optional.of("'disk.volume.mode' of volume '" + id + "' must be RW");
    }
    if (volume.getReservationsCount() == 0) {
      return Optional.of("Volume '" + id + "' is not on reserved disk");
    }
    if (volume.hasRevocable()) {
      return Optional.of("Volume '" + id + "' is on revocable disk");
    }
    long named =
        together.stream().filter(other -> same(other, volume)).count()
            + agent.total().toProtos().stream().filter(other -> same(other, volume)).count();
    return named > 1
        ? Optional.of("Persistence ID '" + id + "' is used already in role '" + role(volume) + "'")
        : Optional.empty();
  }

  private static boolean same(Resource one, Resource other) {
    return one.getDisk().hasPersistence()
        && one.getDisk().getPersistence().getId().equals(other.getDisk().getPersistence().getId())
        && role(one).equals(role(other));
  }

  private static String role(Resource resource) {
    int depth = resource.getReservationsCount();
    return depth == 0 ? "*" : resource.getReservations(depth - 1).getRole();
  }
}
