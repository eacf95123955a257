package io.quorate.agent.executor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Finds out whether a connection to this agent comes from a process of a container. The kernel says
 * which socket is the other end of the connection ({@code /proc/net/tcp}, {@code tcp6}), and which
 * processes hold it ({@code /proc/<pid>/fd}). A process belongs to a container if the container's
 * supervisor is above it: supervisors are child subreapers, so that nobody gets away from below
 * one, and nobody gets below one but by being born there.
 *
 * <p>What cannot be found out is not proven: the connection comes through another network
 * namespace, or the agent may not look at the processes. It reads many small files, so no event
 * loop and no core thread may call it; any other thread may.
 */
public final class ContainerSockets {
  private static final int LOCAL = 1;
  private static final int REMOTE = 2;
  private static final int INODE = 9;
  private static final int HEX_OF_IPV4 = 8;
  private static final int HEX = 16;

  private final Path proc;

  /**
   * Makes a look at the processes of a machine.
   *
   * @param proc where the kernel shows them, {@code /proc}
   */
  public ContainerSockets(Path proc) {
    this.proc = proc;
  }

  /**
   * Says whether a process below this supervisor holds the other end of a connection.
   *
   * @param supervisor the supervisor's pid
   * @param from the address and port that the connection comes from
   * @param to the address and port that it reached
   */
  public boolean holds(long supervisor, InetSocketAddress from, InetSocketAddress to) {
    OptionalLong inode = inode(from, to);
    if (inode.isEmpty()) {
      return false;
    }
    String socket = "socket:[" + inode.getAsLong() + "]";
    return below(supervisor).stream().anyMatch(pid -> has(pid, socket));
  }

  // -- Which socket -----------------------------------------------------------------------------

  private OptionalLong inode(InetSocketAddress from, InetSocketAddress to) {
    for (String table : List.of("tcp", "tcp6")) {
      try (Stream<String> lines =
          Files.lines(proc.resolve("self/net").resolve(table), StandardCharsets.US_ASCII)) {
        OptionalLong found =
            lines
                .map(line -> line.strip().split(" +"))
                .filter(parts -> parts.length > INODE)
                .filter(parts -> is(parts[LOCAL], from) && is(parts[REMOTE], to))
                .mapToLong(parts -> Long.parseLong(parts[INODE]))
                .filter(inode -> inode != 0)
                .findFirst();
        if (found.isPresent()) {
          return found;
        }
      } catch (IOException | RuntimeException e) {
        // A machine without IPv6 has one table only.
        continue;
      }
    }
    return OptionalLong.empty();
  }

  /** Compares without a look-up: an address of IPv4 may stand among those of IPv6. */
  private static boolean is(String hex, InetSocketAddress address) {
    int colon = hex.indexOf(':');
    return colon > 0
        && Integer.parseInt(hex, colon + 1, hex.length(), HEX) == address.getPort()
        && address(hex.substring(0, colon)).equals(address.getAddress());
  }

  /**
   * Reads words of 32 bits in the machine's order, and turns a mapped IPv4 address into one of
   * IPv4.
   */
  private static InetAddress address(String hex) {
    ByteBuffer bytes = ByteBuffer.allocate(hex.length() / 2).order(ByteOrder.nativeOrder());
    for (int i = 0; i + HEX_OF_IPV4 <= hex.length(); i += HEX_OF_IPV4) {
      bytes.putInt(Integer.parseUnsignedInt(hex, i, i + HEX_OF_IPV4, HEX));
    }
    try {
      return InetAddress.getByAddress(bytes.array());
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("not an address of the kernel: " + hex, e);
    }
  }

  // -- Whose processes --------------------------------------------------------------------------

  private List<Long> below(long supervisor) {
    Map<Long, List<Long>> children = new HashMap<>();
    try (DirectoryStream<Path> processes = Files.newDirectoryStream(proc, "[0-9]*")) {
      for (Path process : processes) {
        long pid = Long.parseLong(process.getFileName().toString());
        parent(process)
            .ifPresent(
                parent -> children.computeIfAbsent(parent, key -> new ArrayList<>()).add(pid));
      }
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
    List<Long> below = new ArrayList<>();
    Deque<Long> open = new ArrayDeque<>(List.of(supervisor));
    while (!open.isEmpty()) {
      List<Long> born = children.remove(open.remove());
      if (born != null) {
        below.addAll(born);
        open.addAll(born);
      }
    }
    return below;
  }

  /** The second field behind the name, which may have spaces and brackets itself. */
  private static OptionalLong parent(Path process) {
    try {
      String stat = Files.readString(process.resolve("stat"), StandardCharsets.ISO_8859_1);
      String[] parts = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
      return parts.length > 1 ? OptionalLong.of(Long.parseLong(parts[1])) : OptionalLong.empty();
    } catch (IOException e) {
      // It ended.
      return OptionalLong.empty();
    }
  }

  private boolean has(long pid, String socket) {
    Path folder = proc.resolve(Long.toString(pid)).resolve("fd");
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(folder)) {
      for (Path descriptor : descriptors) {
        if (leadsTo(descriptor, socket)) {
          return true;
        }
      }
    } catch (IOException | RuntimeException e) {
      return false;
    }
    return false;
  }

  private static boolean leadsTo(Path descriptor, String socket) {
    try {
      return Files.readSymbolicLink(descriptor).toString().equals(socket);
    } catch (IOException e) {
      // It was closed.
      return false;
    }
  }
}
