package io.quorate.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SystemUsersTest {
  @Test
  @DisplayName("every user of the passwd file has the numbers that are written there")
  void shouldFindGroups() throws IOException {
    // given
    List<String> lines = Files.readAllLines(Path.of("/etc/passwd"));
    for (String line : lines) {
      String[] fields = line.split(":");
      // when
      Rights rights = SystemUsers.rights(fields[0]);
      // then
      assertThat(rights.uid()).as(fields[0]).isEqualTo(Long.parseLong(fields[2]));
      assertThat(rights.gid()).as(fields[0]).isEqualTo(Long.parseLong(fields[3]));
      assertThat(rights.groups()).as(fields[0]).contains(rights.gid());
    }
  }

  @Test
  @DisplayName("a user who does not exist is named")
  void shouldNameTheUnknown() {
    assertThatThrownBy(() -> SystemUsers.rights("no such user"))
        .isInstanceOf(IOException.class)
        .hasMessage("the user 'no such user' is unknown on this agent");
  }
}
