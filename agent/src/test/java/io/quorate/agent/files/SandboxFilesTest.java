package io.quorate.agent.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.agent.folder.FolderEntry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxFilesTest {
  private static final int ENTRIES_MAX = 5;

  @TempDir Path directory;
  private Path slaves;
  private Path sandbox;
  private Path secret;
  private SandboxFiles files;

  @BeforeEach
  void make() throws IOException {
    slaves = directory.resolve("slaves");
    sandbox = run("E", "R1");
    Files.createSymbolicLink(sandbox.resolveSibling("latest"), Path.of("R1"));
    Files.writeString(sandbox.resolve("stdout"), "hello");
    secret = Files.writeString(directory.resolve("secret"), "secret");
    files = new SandboxFiles(slaves, ENTRIES_MAX);
  }

  private Path run(String executor, String run) throws IOException {
    return Files.createDirectories(
        slaves.resolve("S0/frameworks/F/executors/" + executor + "/runs/" + run));
  }

  private String text(Object path) throws IOException {
    return new String(files.read("S0", path.toString(), 0, 100).data(), StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("a file is found by its sandbox's path, by the virtual one, and over links inside")
  void shouldFindFiles() throws IOException {
    Files.createSymbolicLink(sandbox.resolve("relative"), Path.of("./sub/../stdout"));
    Files.createDirectory(sandbox.resolve("sub"));
    Files.createSymbolicLink(sandbox.resolve("absolute"), sandbox.resolve("stdout"));
    assertThat(text(sandbox.resolve("stdout"))).isEqualTo("hello");
    assertThat(text("/frameworks/F/executors/E/runs/latest/stdout")).isEqualTo("hello");
    assertThat(text(sandbox.resolve("relative"))).isEqualTo("hello");
    assertThat(text(sandbox.resolve("absolute"))).isEqualTo("hello");
  }

  @Test
  @DisplayName("no link leads out of its sandbox, and no name out of all sandboxes")
  void shouldStayInside() throws IOException {
    Path other = run("other", "R2");
    Files.writeString(other.resolve("file"), "of another task");
    Files.createSymbolicLink(sandbox.resolve("secret"), secret);
    Files.createSymbolicLink(sandbox.resolve("dots"), Path.of("../../../../../../../../secret"));
    Files.createSymbolicLink(sandbox.resolve("other"), other);
    Files.createSymbolicLink(sandbox.resolve("loop"), Path.of("loop"));
    for (Object path :
        new Object[] {
          sandbox.resolve("secret"),
          sandbox.resolve("dots"),
          sandbox.resolve("other") + "/file",
          sandbox.resolve("loop"),
          secret,
          slaves + "/../secret",
          "/etc/passwd",
          "stdout",
          sandbox.resolve("none"),
          sandbox.resolve("stdout") + "/x"
        }) {
      assertThatThrownBy(() -> text(path)).isInstanceOf(NoSuchFileException.class);
    }
  }

  @Test
  @DisplayName("a FIFO is refused at once")
  void shouldNotWaitForFifos() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", sandbox + "/fifo").start().waitFor()).isZero();
    assertThatThrownBy(() -> text(sandbox.resolve("fifo"))).isInstanceOf(NoSuchFileException.class);
  }

  @Test
  @DisplayName("CP-421, CP-422 without an offset the size comes, and at most 16 pages with one")
  void shouldReadParts() throws IOException {
    Path big = Files.write(sandbox.resolve("big"), new byte[200_000]);
    assertThat(files.read("S0", big.toString(), -1, 10).offset()).isEqualTo(200_000);
    assertThat(files.read("S0", big.toString(), 1, Long.MAX_VALUE).data()).hasSize(64 << 10);
    assertThat(files.read("S0", big.toString(), 199_999, 100).data()).hasSize(1);
    assertThat(files.read("S0", big.toString(), Long.MAX_VALUE, 100).data()).isEmpty();
    assertThat(files.read("S0", big.toString(), 0, -1).data()).isEmpty();
  }

  @Test
  @DisplayName("a folder is listed with kinds and links, up to a bound")
  void shouldBrowse() throws IOException {
    Files.createDirectory(sandbox.resolve("sub"));
    Files.createSymbolicLink(sandbox.resolve("to"), secret);
    assertThat(files.browse("S0", sandbox.toString()))
        .extracting(SandboxFiles.Listed::path)
        .containsExactly(sandbox + "/stdout", sandbox + "/sub", sandbox + "/to");
    assertThat(files.browse("S0", sandbox.toString()))
        .extracting(listed -> listed.entry().kind())
        .containsExactly('-', 'd', 'l');
    assertThat(files.browse("S0", sandbox.toString()).get(0).entry())
        .extracting(FolderEntry::links, FolderEntry::bytes)
        .containsExactly(1, 5L);
    for (int file = 0; file < ENTRIES_MAX; file++) {
      Files.createFile(sandbox.resolve("f" + file));
    }
    assertThatThrownBy(() -> files.browse("S0", sandbox.toString()))
        .hasMessageContaining("more than 5 entries");
  }
}
