package io.quorate.agent.files;

import io.quorate.agent.folder.FolderEntry;
import io.quorate.agent.folder.HeldFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads sandboxes by Mesos's virtual paths ({@code /frameworks/…}, of the agent's own id) and by
 * their own absolute ones. Any thread that may wait for a disk may use it.
 */
public final class SandboxFiles {
  /** The default is 16 pages, as in Mesos. */
  public static final int READ_BYTES_MAX = 64 << 10;

  private final Path sandboxes;
  private final int entriesMax;

  /**
   * Makes one.
   *
   * @param sandboxes {@code slaves} of the work_dir
   * @param entriesMax how many entries of a folder are shown at most
   */
  public SandboxFiles(Path sandboxes, int entriesMax) {
    this.sandboxes = sandboxes;
    this.entriesMax = entriesMax;
  }

  /** A part of a file, and where it begins. */
  public record Part(byte[] data, long offset) {}

  /** An entry of a folder, with the path that leads to it. */
  public record Listed(String path, FolderEntry entry) {}

  /**
   * Opens a regular file. What is read from the channel is that file, whatever has its name by
   * then.
   *
   * @param agentId the agent's own, for virtual paths
   * @param asked what the client named
   * @throws NoSuchFileException if there is none, or a link leads out of the sandbox
   * @throws IllegalArgumentException if it is a folder
   */
  public FileChannel open(String agentId, String asked) throws IOException {
    try (SandboxWalk walk = walk(agentId, asked)) {
      return walk.file()
          .orElseThrow(() -> new IllegalArgumentException("'" + asked + "' is a directory"));
    }
  }

  /**
   * Reads a part of a file.
   *
   * @param offset where it begins; below zero for nothing but the file's size
   * @param length its bytes, of which at most {@link #READ_BYTES_MAX} come
   */
  public Part read(String agentId, String asked, long offset, long length) throws IOException {
    try (FileChannel file = open(agentId, asked)) {
      if (offset < 0) {
        return new Part(new byte[0], file.size());
      }
      long wanted = Math.min(length, Math.min(READ_BYTES_MAX, file.size() - offset));
      if (wanted <= 0) {
        return new Part(new byte[0], offset);
      }
      ByteBuffer data = ByteBuffer.allocate((int) wanted);
      file.position(offset);
      while (data.hasRemaining() && file.read(data) >= 0) {
        continue;
      }
      byte[] read = new byte[data.position()];
      data.flip().get(read);
      return new Part(read, offset);
    }
  }

  /**
   * Lists a folder, by names.
   *
   * @throws NoSuchFileException if there is none, or a link leads out of the sandbox
   * @throws IOException if it has more than {@code --max_browsed_files} entries
   */
  public List<Listed> browse(String agentId, String asked) throws IOException {
    try (SandboxWalk walk = walk(agentId, asked)) {
      HeldFolder folder = walk.folder();
      String prefix = asked.endsWith("/") ? asked : asked + "/";
      List<Listed> listed = new ArrayList<>();
      for (FolderEntry entry : folder.entries(entriesMax)) {
        listed.add(new Listed(prefix + entry.name(), entry));
      }
      listed.sort(Comparator.comparing(Listed::path));
      return listed;
    }
  }

  private SandboxWalk walk(String agentId, String asked) throws IOException {
    Set<String> roots = new TreeSet<>(List.of(sandboxes.toString(), real()));
    String below = null;
    if (asked.startsWith("/frameworks/")) {
      below = agentId + asked;
    }
    for (String root : roots) {
      if (asked.startsWith(root + "/")) {
        below = asked.substring(root.length());
      }
    }
    if (below == null) {
      throw new NoSuchFileException(asked);
    }
    SandboxWalk walk = new SandboxWalk(HeldFolder.open(sandboxes), roots);
    boolean arrived = false;
    try {
      walk.go(below);
      arrived = true;
    } catch (IOException e) {
      // Whose it is and why it cannot be passed is nobody's business.
      NoSuchFileException none = new NoSuchFileException(asked);
      none.initCause(e);
      throw none;
    } finally {
      if (!arrived) {
        walk.close();
      }
    }
    return walk;
  }

  private String real() throws IOException {
    return sandboxes.toRealPath().toString();
  }
}
