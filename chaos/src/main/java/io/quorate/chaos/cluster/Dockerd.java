package io.quorate.chaos.cluster;

import io.quorate.cluster.LocalCluster;
import java.io.File;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * A Docker daemon that answers: the one that is there, or one that is started here and stopped at
 * the end. One that a harness started and could not stop, because it was killed, is stopped by the
 * next.
 */
final class Dockerd implements AutoCloseable {
  private static final Path SOCKET = Path.of("/var/run/docker.sock");
  private static final String PING = "GET /_ping HTTP/1.0\r\n\r\n";
  private static final String ANSWER = "HTTP/1.0 200 OK";
  private static final Duration ANSWER_MAX = Duration.ofSeconds(5);
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final Duration STOP_MAX = Duration.ofSeconds(30);

  /** Ours to stop. */
  private final Optional<ProcessHandle> daemon;

  private Dockerd(Optional<ProcessHandle> daemon) {
    this.daemon = daemon;
  }

  /**
   * @throws IOException if there is none and none can be started; says what to install
   */
  static Dockerd ensure() throws IOException {
    if (System.getenv("DOCKER_HOST") != null) {
      return new Dockerd(Optional.empty());
    }
    Path directory = Files.createDirectories(UserCache.directory().resolve("docker"));
    Path owner = directory.resolve("owner");
    if (answers()) {
      return new Dockerd(abandoned(owner));
    }
    if (!"root".equals(System.getProperty("user.name")) || !isOnPath("dockerd")) {
      throw new IOException(
          "containers need a Docker daemon, and none answers at "
              + SOCKET
              + ": start one, or install it (apt-get install docker.io) and run this as root; or"
              + " use the namespaces");
    }
    return new Dockerd(Optional.of(start(directory, owner).toHandle()));
  }

  private static Process start(Path directory, Path owner) throws IOException {
    Path log = directory.resolve("dockerd.log");
    Process process =
        // A session of its own, so that Ctrl-C does not reach it before the containers are gone.
        new ProcessBuilder(
                "setsid",
                "dockerd",
                "--data-root=" + directory.resolve("data"),
                "--bridge=none",
                "--host=unix://" + SOCKET)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(log.toFile())
            .start();
    Files.writeString(owner, Owner.self() + " " + process.pid());
    boolean answering =
        LocalCluster.await(START_MAX, () -> !process.isAlive() || answers()) && process.isAlive();
    if (!answering) {
      process.destroy();
      throw new IOException("dockerd does not start: see " + log);
    }
    return process;
  }

  /** The daemon that answers, if a harness started it that is gone. */
  private static Optional<ProcessHandle> abandoned(Path owner) throws IOException {
    if (!Files.exists(owner)) {
      return Optional.empty();
    }
    String[] words = Files.readString(owner).split(" ");
    Optional<Owner> who = Owner.parse(words[0]);
    if (words.length != 2 || who.isEmpty() || !who.get().isGone()) {
      return Optional.empty();
    }
    Optional<ProcessHandle> daemon =
        ProcessHandle.of(Long.parseLong(words[1]))
            .filter(process -> process.info().command().orElse("").endsWith("dockerd"));
    if (daemon.isPresent()) {
      Files.writeString(owner, Owner.self() + " " + words[1]);
    }
    return daemon;
  }

  /** It listens long before it answers. */
  private static boolean answers() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(SOCKET));
      channel.configureBlocking(false);
      channel.write(ByteBuffer.wrap(PING.getBytes(StandardCharsets.US_ASCII)));
      ByteBuffer answer = ByteBuffer.allocate(ANSWER.length());
      LocalCluster.await(ANSWER_MAX, () -> !answer.hasRemaining() || read(channel, answer) < 0);
      return new String(answer.array(), StandardCharsets.US_ASCII).equals(ANSWER);
    } catch (IOException e) {
      return false;
    }
  }

  private static int read(SocketChannel channel, ByteBuffer into) {
    try {
      return channel.read(into);
    } catch (IOException e) {
      return -1;
    }
  }

  private static boolean isOnPath(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @Override
  public void close() {
    daemon.ifPresent(
        process -> {
          process.destroy();
          try {
            process.onExit().get(STOP_MAX.toMillis(), TimeUnit.MILLISECONDS);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (ExecutionException | TimeoutException e) {
            System.err.println("quorate: dockerd does not stop: process " + process.pid());
          }
        });
  }
}
