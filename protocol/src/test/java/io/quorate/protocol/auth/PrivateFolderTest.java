package io.quorate.protocol.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrivateFolderTest {
  @TempDir Path directory;

  private static String mode(Path path) throws Exception {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  @DisplayName("what a daemon keeps is closed to others, also what was open before")
  void shouldClose() throws Exception {
    // given
    Path kept = directory.resolve("kept");
    Path below = Files.createDirectories(kept.resolve("log"));
    Path file = Files.writeString(below.resolve("journal"), "secret");
    Path outside = Files.writeString(directory.resolve("outside"), "x");
    Files.setPosixFilePermissions(outside, PosixFilePermissions.fromString("rw-r--r--"));
    Files.createSymbolicLink(below.resolve("link"), outside);
    // when
    PrivateFolder.make(kept);
    PrivateFolder.make(directory.resolve("new"));
    // then
    assertThat(mode(kept)).isEqualTo("rwx------");
    assertThat(mode(below)).isEqualTo("rwx------");
    assertThat(mode(file)).isEqualTo("rw-------");
    assertThat(mode(directory.resolve("new"))).isEqualTo("rwx------");
    assertThat(mode(outside)).isEqualTo("rw-r--r--");
  }
}
