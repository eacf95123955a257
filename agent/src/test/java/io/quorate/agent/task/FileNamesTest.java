package io.quorate.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileNamesTest {
  private static final List<String> ODD =
      List.of("", ".", "..", "a/b", "a\0b", "\ud800", "\udc00", "%", "%a", "ä".repeat(255), "täsk");

  @ParameterizedTest
  @ValueSource(strings = {"task.1", "a b", "täsk", "..a", "-x", "a%2Fb"})
  @DisplayName("an id that can be a name is the name")
  void shouldKeepIds(String id) {
    assertThat(FileNames.of(id, StandardCharsets.UTF_8)).isEqualTo(id);
  }

  @Test
  @DisplayName("ids up to 255 bytes are their own names")
  void shouldKeepLongIds() {
    String id = "ä".repeat(127) + "x";
    assertThat(FileNames.of(id, StandardCharsets.UTF_8)).isEqualTo(id);
  }

  @Test
  @DisplayName("every other id has a name that can be written, of 255 bytes at most, and its own")
  void shouldNameOddIds() {
    // given
    Set<String> names = new HashSet<>();
    for (String id : ODD) {
      // when
      String name = FileNames.of(id, StandardCharsets.US_ASCII);
      // then
      assertThat(name).as(id).matches("%[A-Za-z0-9._-]+").hasSizeLessThan(256);
      names.add(name);
      names.add(FileNames.of(name, StandardCharsets.US_ASCII));
    }
    assertThat(names).hasSize(2 * ODD.size());
  }
}
