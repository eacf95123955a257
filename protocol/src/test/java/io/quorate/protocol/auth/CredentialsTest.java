package io.quorate.protocol.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CredentialsTest {
  @TempDir Path directory;

  private Path file(String text) throws IOException {
    Path file = directory.resolve("credentials.json");
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.writeString(file, text.replace('\'', '"'));
  }

  private Credentials two() throws IOException {
    return Credentials.read(
        file(
            "{'credentials':[{'principal':'ops','secret':'pass:word'},"
                + "{'principal':'jürg','secret':'schlüssel'}]}"));
  }

  @Test
  @DisplayName("CP-452 principals and secrets of a file are what HTTP Basic is compared with")
  void shouldKnowPrincipals() throws IOException {
    Credentials known = two();
    for (BasicCredential credential :
        new BasicCredential[] {
          new BasicCredential("ops", "pass:word"), new BasicCredential("jürg", "schlüssel")
        }) {
      assertThat(known.principal(credential.authorization())).hasValue(credential.principal());
    }
    assertThat(known.principal(new BasicCredential("ops", "pass").authorization())).isEmpty();
    assertThat(known.principal(new BasicCredential("ops", "schlüssel").authorization())).isEmpty();
    assertThat(known.principal(new BasicCredential("nobody", "x").authorization())).isEmpty();
    assertThat(known.principal("basic b3BzOnBhc3M6d29yZA==")).hasValue("ops");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "Basic", "Basic ", "Basic !!!", "Bearer b3BzOnBhc3M6d29yZA==", "Basic b3Bz"})
  void shouldRefuseOtherHeaders(String header) throws IOException {
    assertThat(two().principal(header)).isEmpty();
    assertThat(two().principal(null)).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'credentials':[{'principal':'p','secret':'tell-nobody'|is not JSON",
        "{'credentials':[{'secret':'tell-nobody'}]}|principal",
        "{'credentials':[{'principal':'a:b','secret':'tell-nobody'}]}|holds a colon",
        "{'credentials':[{'principal':'p'}]}|'secret' of 'p' is missing",
        "{'credentials':[{'principal':'p','secret':'tell-nobody'},"
            + "{'principal':'p','secret':'x'}]}|'p' is there twice",
        "{}|'credentials' is empty",
      })
  @DisplayName("What is wrong with the file is told, and nothing of what it holds")
  void shouldSayWhatIsWrong(String text, String message) throws IOException {
    Path file = file(text);
    assertThatThrownBy(() -> Credentials.read(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(message)
        .hasMessageContaining(file.toString())
        .hasMessageNotContaining("tell-nobody");
  }

  @Test
  @DisplayName("A file that others may read is refused")
  void shouldRefuseOpenFiles() throws IOException {
    Path file = file("{'credentials':[{'principal':'p','secret':'tell-nobody'}]}");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    assertThatThrownBy(() -> Credentials.read(file)).hasMessageContaining("chmod 600");
    assertThatThrownBy(() -> BasicCredential.read("p", file)).hasMessageContaining("chmod 600");
  }

  @Test
  @DisplayName("Secrets are not printed")
  void shouldHideSecrets() throws IOException {
    assertThat(new BasicCredential("p", "tell-nobody").toString()).doesNotContain("tell-nobody");
    assertThat(two().toString()).doesNotContain("word", "schl");
    Path file = file("tell-nobody\n");
    assertThat(BasicCredential.read("p", file).secret()).isEqualTo("tell-nobody");
  }
}
