package io.quorate.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RolesTest {
  @Test
  @DisplayName("CP-082 the role * is accepted, as are names and paths of names")
  void shouldAcceptRoles() {
    for (String role : List.of("*", "ops", "ops/web", "a-b/c.d/..e", "a*")) {
      assertThat(Roles.validate(role)).as(role).isEmpty();
    }
  }

  @Test
  @DisplayName(
      "CP-080 slashes at the ends or doubled, and components '.', '..' and '*', are refused")
  void shouldRefuseWrongPaths() {
    for (String role :
        List.of("", "/", "/a", "a/", "a//b", ".", "..", "a/.", "../a", "a/*", "*/a")) {
      assertThat(Roles.validate(role)).as(role).isPresent();
    }
  }

  @Test
  @DisplayName("CP-081 components that begin with a dash or hold white space are refused")
  void shouldRefuseWrongComponents() {
    assertThat(Roles.validate("a b"))
        .hasValue("Role component 'a b' is invalid because it contains backspace or whitespace");
    assertThat(Roles.validate("a/-b"))
        .hasValue("Role component '-b' is invalid because it begins with a dash");
    for (String role : List.of("a\t", "a\n", "a\u000b", "a\f", "a\r", "a\u007f", "x/y z")) {
      assertThat(Roles.validate(role)).as(role).isPresent();
    }
  }

  @Test
  void shouldTellSubRoles() {
    assertThat(Roles.strictSubRole("a/b", "a")).isTrue();
    assertThat(Roles.strictSubRole("a/b/c", "a")).isTrue();
    assertThat(Roles.strictSubRole("a", "a")).isFalse();
    assertThat(Roles.strictSubRole("ab", "a")).isFalse();
    assertThat(Roles.strictSubRole("a", "a/b")).isFalse();
    assertThat(Roles.covers("a", "a")).isTrue();
    assertThat(Roles.covers("a", "a/b")).isTrue();
    assertThat(Roles.covers("a/b", "a")).isFalse();
  }
}
