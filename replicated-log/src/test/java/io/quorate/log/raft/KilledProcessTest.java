package io.quorate.log.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members that are processes of their own, killed without warning. */
class KilledProcessTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  private Process child(Path data, String address) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of(
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "-Dchronicle.analytics.disable=true",
            "-Djava.io.tmpdir=" + Files.createDirectories(directory.resolve("tmp")),
            "-cp",
            System.getProperty("java.class.path"),
            ChildMember.class.getName(),
            data.toString(),
            address));
    return new ProcessBuilder(command)
        .redirectError(directory.resolve(address.replace(':', '_') + ".err").toFile())
        .start();
  }

  private static void kill(Process process) throws InterruptedException {
    // By its handle: the process's own method would close what it still has to say.
    process.toHandle().destroyForcibly();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  @DisplayName("kill -9 in the middle of writing loses no acknowledged entry")
  void shouldKeepWhatWasAcknowledged() throws Exception {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      String address = quorum.addresses.get(0);
      Path data = quorum.options(address).directory();
      Set<String> acknowledged = new TreeSet<>();
      for (int kills = 0; kills < 2; kills++) {
        Process process = child(data, address);
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
          assertThat(out.readLine()).isEqualTo("leads");
          for (int i = 0; i < 300; i++) {
            acknowledged.add(out.readLine());
          }
          kill(process);
          out.lines().filter(line -> line.matches("word[0-9]+")).forEach(acknowledged::add);
        } finally {
          process.destroyForcibly();
        }
      }
      assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(300);

      Quorum.Member again = quorum.start(address);
      quorum.leader();
      await("every acknowledged word")
          .atMost(LONG)
          .untilAsserted(() -> assertThat(again.words.keySet()).containsAll(acknowledged));
      assertThat(again.faults.told).isEmpty();
    }
  }

  @Test
  @DisplayName("each process has RocksDB's library for itself, and a killed one leaves none behind")
  void shouldUnpackPerProcess() throws Exception {
    List<String> addresses = Quorum.freeAddresses(2);
    List<Process> processes = new ArrayList<>();
    try {
      for (String address : addresses) {
        processes.add(child(directory.resolve(address.replace(':', '_')), address));
      }
      List<String> mapped = new ArrayList<>();
      for (Process process : processes) {
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        assertThat(out.readLine()).isEqualTo("leads");
        try (Stream<String> maps =
            Files.lines(Path.of("/proc", Long.toString(process.pid()), "maps"))) {
          mapped.add(maps.filter(line -> line.contains("librocksdbjni")).findFirst().orElseThrow());
        }
      }
      for (int i = 0; i < 2; i++) {
        assertThat(mapped.get(i))
            .contains(addresses.get(i).replace(':', '_'))
            .contains("native-" + processes.get(i).pid())
            .endsWith("(deleted)");
        kill(processes.get(i));
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    try (Stream<Path> all = Files.walk(directory)) {
      assertThat(all.map(Path::toString).filter(name -> name.contains("librocksdb"))).isEmpty();
    }
  }

  @Test
  @DisplayName("what a process that was killed while unpacking left is swept at the next start")
  void shouldSweepLeftovers() throws IOException {
    Path left = Files.createDirectories(directory.resolve("native-1"));
    Files.writeString(left.resolve("librocksdbjni-linux64.so"), "half of it");
    NativeLibrary.load(directory);
    assertThat(directory).isEmptyDirectory();
  }
}
