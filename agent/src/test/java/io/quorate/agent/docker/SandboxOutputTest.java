package io.quorate.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.agent.folder.HeldFolder;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxOutputTest {
  private static final String TIME = "2026-01-01T00:00:00.00000000%dZ ";

  @TempDir Path directory;
  private Path sandbox;
  private DockerMarks marks;

  @BeforeEach
  void make() throws IOException {
    sandbox = Files.createDirectory(directory.resolve("box"));
    marks = new DockerMarks(Files.createDirectory(directory.resolve("marks")));
  }

  /** Pieces of stdout (1) and stderr (2), each with the number of its time and its text. */
  private void take(String... pieces) throws IOException {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (String piece : pieces) {
      String[] parts = piece.split(" ", 3);
      byte[] text =
          (TIME.formatted(Integer.parseInt(parts[1])) + parts[2]).getBytes(StandardCharsets.UTF_8);
      stream.writeBytes(
          ByteBuffer.allocate(8).put(Byte.parseByte(parts[0])).putInt(4, text.length).array());
      stream.writeBytes(text);
    }
    try (HeldFolder folder = HeldFolder.open(sandbox);
        SandboxOutput output = SandboxOutput.open(folder, marks)) {
      output.takeFrames(new ByteArrayInputStream(stream.toByteArray()));
    }
  }

  @Test
  @DisplayName("what the daemon repeats is not written twice, and nothing is left out")
  void shouldGoOnWhereItWas() throws IOException {
    // given
    take("1 1 one ", "2 1 bad\n", "1 3 long", "1 3 line\n");
    String early = marks.output().orElseThrow();
    take("2 1 bad\n", "1 3 long", "1 3 line\n", "1 4 four\n", "2 2 worse\n");
    // when
    marks.output(early);
    take(
        "1 1 one ",
        "2 1 bad\n",
        "1 3 long",
        "1 3 line\n",
        "1 4 four\n",
        "2 2 worse\n",
        "1 5 end\n");
    // then
    assertThat(sandbox.resolve("stdout")).hasContent("one longline\nfour\nend\n");
    assertThat(sandbox.resolve("stderr")).hasContent("bad\nworse\n");
  }

  @Test
  @DisplayName("no link that a task put in the place of its output is followed")
  void shouldFollowNoLink() throws IOException {
    // given
    Path secret = Files.writeString(directory.resolve("secret"), "");
    Files.createSymbolicLink(sandbox.resolve("stdout"), secret);
    // then
    assertThatThrownBy(() -> take("1 1 x")).isInstanceOf(NoSuchFileException.class);
    Files.delete(sandbox.resolve("stdout"));
    Files.createLink(sandbox.resolve("stdout"), secret);
    assertThatThrownBy(() -> take("1 1 x")).isInstanceOf(NoSuchFileException.class);
    assertThat(secret).isEmptyFile();
  }
}
