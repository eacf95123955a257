package io.quorate.process;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The Docker daemon of this machine, asked by its own program, and images made on the spot. */
final class DockerBench {
  /** A shell and its tools. */
  static final String IMAGE = "quorate-test-busybox:1";

  /** The same with an entrypoint and a command of its own. */
  static final String SPEAKER = "quorate-test-speaker:1";

  private DockerBench() {}

  /** Makes the images; without a daemon the test fails in CI, and is skipped elsewhere. */
  static void prepare(Path directory) throws IOException {
    try {
      run("docker", "network", "inspect", "bridge");
      Path bin = Files.createDirectories(directory.resolve("image/bin"));
      Files.createDirectories(directory.resolve("image/tmp"));
      run("cp", run("sh", "-c", "command -v busybox"), bin + "/busybox");
      run(
          "sh",
          "-c",
          "cd "
              + bin
              + " && for tool in $(./busybox --list); do"
              + " [ $tool = busybox ] || ln -sf busybox $tool; done");
      run("sh", "-c", "tar -C " + bin.getParent() + " -c . | docker import - " + IMAGE);
      run(
          "sh",
          "-c",
          "tar -C "
              + bin.getParent()
              + " -c . | docker import --change"
              + " 'ENTRYPOINT [\"/bin/echo\",\"says\"]' --change 'CMD [\"nothing\"]' - "
              + SPEAKER);
    } catch (IOException e) {
      String missing =
          "tests of Docker need its daemon with a bridge, and busybox-static: " + e.getMessage();
      if ("true".equals(System.getenv("CI"))) {
        fail(missing);
      } else {
        abort(missing);
      }
    }
  }

  /** What a program prints. */
  static String run(String... words) throws IOException {
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(List.of(words) + ": " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
    return said;
  }

  /** The names of containers that are there, running or not, with this label. */
  static List<String> containers(String label) throws IOException {
    return run(
            "docker", "ps", "-a", "--filter", "label=" + label, "--format", "{{.Names}} {{.State}}")
        .lines()
        .toList();
  }
}
