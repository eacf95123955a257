package io.quorate.driver.mesos.variable;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryVariablesTest {
  @TempDir Path directory;
  private DirectoryVariables variables;

  @BeforeEach
  void open() throws IOException {
    variables = DirectoryVariables.open(directory.resolve("a/b").toString());
  }

  private KeptVariable stored(String name, String value) throws IOException {
    return variables.store(variables.fetch(name).with(value.getBytes(UTF_8))).orElseThrow();
  }

  private Path file() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("a/b"))) {
      return files.filter(file -> file.toString().endsWith(".variable")).findFirst().orElseThrow();
    }
  }

  @Test
  void shouldCompareVersions() throws IOException {
    // given
    KeptVariable one = stored("../any name\u00e9", "one");

    // when
    KeptVariable two = variables.store(one.with("two".getBytes(UTF_8))).orElseThrow();

    // then
    assertThat(variables.store(one.with(new byte[1]))).isEqualTo(Optional.empty());
    assertThat(variables.expunge(one)).isFalse();
    assertThat(variables.fetch("../any name\u00e9").value()).asString(UTF_8).isEqualTo("two");
    assertThat(variables.names()).isEqualTo(List.of("../any name\u00e9"));
    assertThat(variables.expunge(two)).isTrue();
    assertThat(variables.names()).isEmpty();
    assertThat(variables.store(two.with(new byte[1]))).isEqualTo(Optional.empty());
  }

  @Test
  void shouldRefuseASpoiltFile() throws IOException {
    // given
    stored("a", "value");
    byte[] bytes = Files.readAllBytes(file());
    bytes[bytes.length - 6] ^= 1;

    // when
    Files.write(file(), bytes);

    // then
    assertThatThrownBy(() -> variables.fetch("a"))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("it is spoilt")
        .hasMessageContaining(file().toString());
    Files.write(file(), new byte[] {1, 2});
    assertThatThrownBy(() -> variables.fetch("a")).isInstanceOf(IOException.class);
  }

  @Test
  void shouldNotTakeWhatWasNotMovedForAVariable() throws IOException {
    // given
    stored("a", "old");

    // when
    Files.write(Path.of(file() + ".new"), new byte[] {1});

    // then
    assertThat(variables.fetch("a").value()).asString(UTF_8).isEqualTo("old");
    stored("a", "new");
    assertThat(variables.fetch("a").value()).asString(UTF_8).isEqualTo("new");
  }

  @Test
  void shouldHaveADirectoryForItself() throws IOException {
    // given
    Path levelDb = Files.createDirectories(directory.resolve("level"));
    Files.createFile(levelDb.resolve("CURRENT"));

    // then
    assertThatThrownBy(() -> DirectoryVariables.open(directory.resolve("a/b").toString()))
        .hasMessageContaining("is open already");
    assertThatThrownBy(() -> DirectoryVariables.open(levelDb.toString()))
        .hasMessageContaining("holds a LevelDB of Mesos");
  }
}
