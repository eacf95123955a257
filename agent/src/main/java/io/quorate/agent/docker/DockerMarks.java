package io.quorate.agent.docker;

import com.google.protobuf.ByteString;
import io.quorate.agent.state.ContainerFacts;
import io.quorate.agent.state.WaitStatus;
import io.quorate.protocol.v1.ContainerStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the agent writes down of a container, for the core that must not wait for the daemon and for
 * later processes of the agent: one file for each fact, each written at once or not at all. The
 * daemon knows better; a file that is missing or damaged is asked for anew.
 *
 * @param folder of one run, the agent's alone
 */
record DockerMarks(Path folder) {
  private static final String DOCKER = "docker";
  private static final String STARTED = "started";
  private static final String STATUS = "status";
  private static final String GONE = "gone";
  private static final String PID = "pid";
  private static final String MEMORY = "memory";
  private static final String NETWORKS = "networks";
  private static final String INSPECTED = "inspected";
  private static final String OUTPUT = "output";

  /** It is a run of Docker. */
  boolean there() {
    return Files.exists(folder.resolve(DOCKER));
  }

  /** Where its sandbox is. */
  Optional<Path> sandbox() {
    return text(DOCKER).map(Path::of);
  }

  void begin(Path sandbox) throws IOException {
    write(DOCKER, sandbox.toString());
  }

  boolean started() {
    return Files.exists(folder.resolve(STARTED));
  }

  /** It runs, or ran. */
  void start(InspectedContainer container) throws IOException {
    ContainerFacts facts = container.facts();
    write(PID, Long.toString(container.pid()));
    if (!container.inHostNetwork()) {
      write(
          NETWORKS,
          ContainerStatus.newBuilder().addAllNetworkInfos(facts.networks()).build().toByteArray());
    }
    write(INSPECTED, facts.inspected().toByteArray());
    write(STARTED, "");
  }

  OptionalLong pid() {
    return number(PID);
  }

  ContainerFacts facts() {
    try {
      ContainerStatus status = ContainerStatus.parseFrom(bytes(NETWORKS));
      return new ContainerFacts(
          status.getNetworkInfosList(), ByteString.copyFrom(bytes(INSPECTED)));
    } catch (IOException e) {
      return ContainerFacts.NONE;
    }
  }

  Optional<WaitStatus> status() {
    return text(STATUS).flatMap(WaitStatus::parse);
  }

  /** Whether nobody knows how it ended. */
  boolean gone() {
    return Files.exists(folder.resolve(GONE));
  }

  boolean over() {
    return gone() || Files.exists(folder.resolve(STATUS));
  }

  /** In bytes, where it ended for its memory. */
  OptionalLong memory() {
    return number(MEMORY);
  }

  /** It ended. */
  void end(InspectedContainer container) throws IOException {
    if (container.outOfMemory() && container.exitCode() != 0) {
      write(MEMORY, Long.toString(container.memoryMax()));
    }
    write(STATUS, Integer.toString(WaitStatus.exited(container.exitCode()).raw()));
  }

  /** It is not there any more, and nobody knows how it ended. */
  void lose() throws IOException {
    write(GONE, "");
  }

  Optional<String> output() {
    return text(OUTPUT);
  }

  /** How much of its output is in its sandbox. */
  void output(String position) throws IOException {
    write(OUTPUT, position);
  }

  private OptionalLong number(String name) {
    try {
      Optional<String> text = text(name);
      return text.isPresent() ? OptionalLong.of(Long.parseLong(text.get())) : OptionalLong.empty();
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private Optional<String> text(String name) {
    try {
      String text = Files.readString(folder.resolve(name), StandardCharsets.UTF_8);
      return text.isEmpty() ? Optional.empty() : Optional.of(text);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private byte[] bytes(String name) throws IOException {
    Path file = folder.resolve(name);
    return Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
  }

  private void write(String name, String text) throws IOException {
    write(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, byte[] bytes) throws IOException {
    Path next = folder.resolve("." + name);
    Files.write(next, bytes);
    Files.move(
        next,
        folder.resolve(name),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
