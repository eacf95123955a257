package io.quorate.agent.task;

import io.quorate.agent.folder.HeldFolder;
import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;
import java.util.Optional;

/**
 * Persistent volumes as directories, links to which make them visible in sandboxes (Mesos 3.6).
 * Sandboxes and volumes are walked by descriptor: a link that a task made is never followed.
 */
public final class VolumeDirectories implements VolumeMounts {
  private final Layout layout;

  public VolumeDirectories(Layout layout) {
    this.layout = layout;
  }

  @Override
  public void create(Resource volume) throws IOException {
    Path directory = layout.volume(volume);
    Files.createDirectories(directory.getParent());
    try (HeldFolder role = HeldFolder.open(directory.getParent())) {
      role.makeFolder(directory.getFileName().toString(), Optional.empty()).close();
    }
  }

  @Override
  public void destroy(Resource volume) throws IOException {
    Path directory = layout.volume(volume);
    if (Files.isDirectory(directory.getParent())) {
      try (HeldFolder role = HeldFolder.open(directory.getParent())) {
        role.remove(directory.getFileName().toString());
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
    for (Resource resource : resources) {
      if (resource.getDisk().hasPersistence()) {
        mount(layout, sandbox, resource, owner(user));
      }
    }
  }

  private static Optional<UserPrincipal> owner(Optional<String> user) throws IOException {
    if (user.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          FileSystems.getDefault()
              .getUserPrincipalLookupService()
              .lookupPrincipalByName(user.get()));
    } catch (UserPrincipalNotFoundException e) {
      throw new IOException("the user '" + user.get() + "' is unknown on this agent", e);
    }
  }

  private static void mount(
      Layout layout, Path sandbox, Resource resource, Optional<UserPrincipal> owner)
      throws IOException {
    Path volume = layout.volume(resource);
    String id = resource.getDisk().getPersistence().getId();
    if (!Files.isDirectory(volume, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("persistent volume '" + id + "' is not on this agent");
    }
    String at = resource.getDisk().getVolume().getContainerPath();
    Path relative = Path.of(at).normalize();
    if (relative.isAbsolute() || relative.startsWith("..") || relative.toString().isEmpty()) {
      throw new IOException(where(id) + "must be a path in the sandbox, not '" + at + "'");
    }
    try (HeldFolder root = layout.held(sandbox)) {
      link(root, relative, volume, owner);
    } catch (NotDirectoryException | FileAlreadyExistsException | DirectoryNotEmptyException e) {
      throw new IOException(
          where(id) + "leads through a link or a file of the task, or to a folder: '" + at + "'",
          e);
    }
    if (owner.isPresent()) {
      try (HeldFolder role = HeldFolder.open(volume.getParent());
          HeldFolder held = role.folder(volume.getFileName().toString())) {
        held.own(owner.get());
      }
    }
  }

  private static String where(String id) {
    return "'disk.volume.container_path' of volume '" + id + "' ";
  }

  /** Makes the folders on the way, which are the user's, and then the link. */
  private static void link(
      HeldFolder folder, Path relative, Path volume, Optional<UserPrincipal> owner)
      throws IOException {
    String name = relative.getName(0).toString();
    if (relative.getNameCount() == 1) {
      folder.makeLink(name, volume);
      return;
    }
    try (HeldFolder next = folder.makeFolder(name, owner)) {
      link(next, relative.subpath(1, relative.getNameCount()), volume, owner);
    }
  }
}
