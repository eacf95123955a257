package io.quorate.agent.task;

import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Persistent volumes as directories, links to which make them visible in sandboxes (Mesos 3.6). */
public final class VolumeDirectories implements VolumeMounts {
  private final Layout layout;

  public VolumeDirectories(Layout layout) {
    this.layout = layout;
  }

  @Override
  public void create(Resource volume) throws IOException {
    Files.createDirectories(layout.volume(volume));
  }

  @Override
  public void destroy(Resource volume) throws IOException {
    Path directory = layout.volume(volume);
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /**
   * Links each volume of these resources.
   *
   * @param user who gets the volume; empty for the agent's own
   * @throws IOException if a volume is not there or cannot be linked; the message is for the
   *     framework
   */
  static void mount(Layout layout, Path sandbox, List<Resource> resources, Optional<String> user)
      throws IOException {
    for (Resource volume : resources) {
      if (volume.getDisk().hasPersistence()) {
        mount(layout.volume(volume), sandbox, volume, user);
      }
    }
  }

  private static void mount(Path volume, Path sandbox, Resource resource, Optional<String> user)
      throws IOException {
    String id = resource.getDisk().getPersistence().getId();
    if (!Files.isDirectory(volume)) {
      throw new IOException("persistent volume '" + id + "' is not on this agent");
    }
    String at = resource.getDisk().getVolume().getContainerPath();
    Path link = sandbox.resolve(at).normalize();
    if (Path.of(at).isAbsolute() || !link.startsWith(sandbox) || link.equals(sandbox)) {
      throw new IOException(
          "'disk.volume.container_path' of volume '"
              + id
              + "' must be a path in the sandbox, not '"
              + at
              + "'");
    }
    Files.createDirectories(link.getParent());
    Files.deleteIfExists(link);
    Files.createSymbolicLink(link, volume);
    if (user.isPresent()) {
      try {
        Files.setOwner(
            volume,
            volume
                .getFileSystem()
                .getUserPrincipalLookupService()
                .lookupPrincipalByName(user.get()));
      } catch (UserPrincipalNotFoundException e) {
        throw new IOException("the user '" + user.get() + "' is unknown on this agent", e);
      }
    }
  }
}
