package io.quorate.agent.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeldFolderTest {
  @TempDir Path directory;
  private Path inside;
  private Path outside;

  @BeforeEach
  void make() throws IOException {
    inside = Files.createDirectory(directory.resolve("inside"));
    outside = Files.createDirectory(directory.resolve("outside"));
    Files.writeString(outside.resolve("kept"), "kept");
  }

  private void run(String... words) throws Exception {
    assertThat(new ProcessBuilder(words).directory(inside.toFile()).start().waitFor()).isZero();
  }

  @Test
  @DisplayName("a link in the place of a folder or a file is not followed")
  void shouldNotFollowLinks() throws Exception {
    Files.createSymbolicLink(inside.resolve("folder"), outside);
    Files.createSymbolicLink(inside.resolve("file"), outside.resolve("kept"));
    try (HeldFolder folder = HeldFolder.open(inside)) {
      assertThatThrownBy(() -> folder.folder("folder")).isInstanceOf(NotDirectoryException.class);
      assertThatThrownBy(() -> folder.file("file")).isInstanceOf(NoSuchFileException.class);
      assertThat(folder.link("folder")).contains(outside.toString());
    }
  }

  @Test
  @DisplayName("what is no regular file is not opened, and nobody waits for the writer of a FIFO")
  void shouldOpenRegularFilesOnly() throws Exception {
    run("mkfifo", "fifo");
    try (HeldFolder folder = HeldFolder.open(inside);
        HeldFolder devices = HeldFolder.open(Path.of("/dev"))) {
      assertThatThrownBy(() -> folder.file("fifo")).hasMessageContaining("no regular file");
      assertThatThrownBy(() -> devices.file("zero")).hasMessageContaining("no regular file");
    }
  }

  @Test
  @DisplayName("a folder that is held stays the same when another takes its name")
  void shouldHoldOn() throws Exception {
    Path first = Files.createDirectory(inside.resolve("a"));
    Files.writeString(first.resolve("own"), "own");
    try (HeldFolder parent = HeldFolder.open(inside);
        HeldFolder held = parent.folder("a")) {
      Files.move(first, inside.resolve("b"));
      Files.createSymbolicLink(first, outside);
      try (var file = held.file("own")) {
        assertThat(Channels.newInputStream(file).readAllBytes())
            .isEqualTo("own".getBytes(StandardCharsets.UTF_8));
      }
      assertThat(held.entries(10)).extracting(FolderEntry::name).containsExactly("own");
      held.makeFolder("made", Optional.empty()).close();
      assertThat(outside.resolve("made")).doesNotExist();
      assertThat(inside.resolve("b/made")).exists();
    }
  }

  @Test
  @DisplayName("names that are more or less than one name are none")
  void shouldRefuseNamesThatAreNone() throws Exception {
    try (HeldFolder folder = HeldFolder.open(inside)) {
      for (String name : List.of("", ".", "..", "a/b", "/etc", "a\0")) {
        assertThatThrownBy(() -> folder.file(name)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> folder.remove(name)).isInstanceOf(NoSuchFileException.class);
      }
    }
  }

  @Test
  @DisplayName("a tree goes with odd names, closed folders and links, and what they lead to stays")
  void shouldRemoveTrees() throws Exception {
    run(
        "sh",
        "-c",
        "mkdir -p t/-rf 't/a b'; mkfifo t/f; touch t/-rf/x \"$(printf 't/\\377\\n%%41')\" t/grün;"
            + " ln -s '"
            + outside
            + "' t/link; ln -s '"
            + outside
            + "' t/-rf/link; chmod 0 t/-rf");
    try (HeldFolder folder = HeldFolder.open(inside)) {
      folder.remove("t");
      folder.remove("t");
    }
    assertThat(inside.resolve("t")).doesNotExist();
    assertThat(outside.resolve("kept")).hasContent("kept");
  }

  @Test
  @DisplayName("a tree goes that is deeper than there are descriptors or than a path is long")
  void shouldRemoveDeepTrees() throws Exception {
    HeldFolder deepest = HeldFolder.open(inside);
    for (int depth = 0; depth < 3_000; depth++) {
      try (HeldFolder parent = deepest) {
        deepest = parent.makeFolder(depth == 0 ? "t" : "down", Optional.empty());
      }
    }
    deepest.close();
    try (HeldFolder folder = HeldFolder.open(inside)) {
      folder.remove("t");
    }
    assertThat(inside.resolve("t")).doesNotExist();
  }

  @Test
  @DisplayName("a link that swaps places with a folder while the tree goes leads nowhere")
  void shouldRemoveWhileLinksSwap() throws Exception {
    Process swapper =
        new ProcessBuilder(
                "sh",
                "-c",
                "while :; do mkdir -p t/d; mv t/d t/e; ln -s '"
                    + outside
                    + "' t/d; rm -rf t/d t/e; done")
            .directory(inside.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (HeldFolder folder = HeldFolder.open(inside)) {
      for (int round = 0; round < 300; round++) {
        try {
          folder.remove("t");
        } catch (IOException e) {
          // What comes back while it goes may stay.
          continue;
        }
      }
    } finally {
      swapper.destroyForcibly().waitFor();
    }
    assertThat(outside.resolve("kept")).hasContent("kept");
  }
}
