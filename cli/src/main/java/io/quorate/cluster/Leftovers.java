package io.quorate.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Tasks outlive their agent by design; when a local cluster ends, they are to end, too. */
public final class Leftovers {
  private Leftovers() {}

  /** Ends every task whose supervisor works below this directory. */
  public static void kill(Path directory) {
    String below = directory.toAbsolutePath() + "/";
    List<ProcessHandle> supervisors =
        ProcessHandle.allProcesses()
            .filter(process -> commandLine(process).contains(below))
            .toList();
    for (ProcessHandle supervisor : supervisors) {
      if (commandLine(supervisor).contains("quorate-supervisor")) {
        supervisor.descendants().forEach(ProcessHandle::destroyForcibly);
        supervisor.destroyForcibly();
      }
    }
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(
              Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
          .replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }

  /** Deletes a directory with all that is in it; what cannot be deleted stays. */
  public static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
