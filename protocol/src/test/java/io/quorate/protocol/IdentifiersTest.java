package io.quorate.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IdentifiersTest {
  @Test
  @DisplayName("CP-075 ids are 1 to 255 bytes without slashes and control characters")
  void shouldAcceptIds() {
    for (String identifier :
        List.of("t1", "a b", "...", ".hidden", "*", "x".repeat(255), "é".repeat(127))) {
      assertThat(Identifiers.validate(identifier)).as(identifier).isEmpty();
    }
  }

  @Test
  @DisplayName("CP-075 other ids are refused, in Mesos's words")
  void shouldRefuseOthers() {
    refused("", "ID must not be empty");
    refused("x".repeat(256), "ID must not be greater than 255 characters");
    refused("é".repeat(128), "ID must not be greater than 255 characters");
    refused(".", "'.' is disallowed");
    refused("..", "'..' is disallowed");
    refused("a/b", "'a/b' contains invalid characters");
    refused("a\\b", "'a\\b' contains invalid characters");
    refused("a\tb", "'a\tb' contains invalid characters");
    refused("a\u0000", "'a\u0000' contains invalid characters");
    refused("a\u007f", "'a\u007f' contains invalid characters");
  }

  private static void refused(String id, String why) {
    assertThat(Identifiers.validate(id)).hasValue(why);
  }
}
