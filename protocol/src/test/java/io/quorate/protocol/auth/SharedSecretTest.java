package io.quorate.protocol.auth;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SharedSecretTest {
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final byte[] BODY = "body".getBytes(UTF_8);
  private static final String PATH = "/agent/link";
  private static final String TEXT = "0123456789abcdef";

  @TempDir Path directory;

  private SharedSecret secret;

  @BeforeEach
  void read() throws IOException {
    secret = SharedSecret.read(file("good", TEXT + "\n", "rw-------"));
  }

  @Test
  void shouldVerifyWhatItSigned() {
    String header = secret.authorization("POST", PATH, BODY, NOW, "n1");

    assertThat(header).startsWith("Quorate-HMAC-SHA256 1767323045678:n1:");
    assertThat(secret.verify(header, "POST", PATH, BODY, NOW)).isTrue();
  }

  @Test
  void shouldRefuseAnyOtherRequest() {
    String header = secret.authorization("POST", PATH, BODY, NOW, "n1");

    assertThat(secret.verify(header, "GET", PATH, BODY, NOW)).isFalse();
    assertThat(secret.verify(header, "POST", PATH + "/", BODY, NOW)).isFalse();
    assertThat(secret.verify(header, "POST", PATH, "bodY".getBytes(UTF_8), NOW)).isFalse();
    assertThat(secret.verify(header.replace(":n1:", ":n2:"), "POST", PATH, BODY, NOW)).isFalse();
    assertThat(secret.verify(header.replace("1767", "1768"), "POST", PATH, BODY, NOW)).isFalse();
  }

  @Test
  void shouldRefuseAnotherSecret() throws IOException {
    SharedSecret other = SharedSecret.read(file("other", "fedcba9876543210", "rw-------"));

    String header = other.authorization("POST", PATH, BODY, NOW, "n1");

    assertThat(secret.verify(header, "POST", PATH, BODY, NOW)).isFalse();
  }

  @Test
  void shouldRefuseOldAndEarlyRequests() {
    String header = secret.authorization("POST", PATH, BODY, NOW, "n1");
    Duration just = SharedSecret.WINDOW;
    Duration over = just.plusMillis(1);

    assertThat(secret.verify(header, "POST", PATH, BODY, NOW.plus(just))).isTrue();
    assertThat(secret.verify(header, "POST", PATH, BODY, NOW.minus(just))).isTrue();
    assertThat(secret.verify(header, "POST", PATH, BODY, NOW.plus(over))).isFalse();
    assertThat(secret.verify(header, "POST", PATH, BODY, NOW.minus(over))).isFalse();
  }

  @Test
  void shouldRefuseHeadersThatAreNone() {
    assertThat(secret.verify(null, "POST", PATH, BODY, NOW)).isFalse();
    for (String header :
        List.of(
            "",
            "Basic YTpi",
            "Quorate-HMAC-SHA256 ",
            "Quorate-HMAC-SHA256 ::",
            "Quorate-HMAC-SHA256 1:n",
            "Quorate-HMAC-SHA256 -1:n:00",
            "Quorate-HMAC-SHA256 99999999999999999999:n:00",
            "Quorate-HMAC-SHA256 1767323045678:n1:",
            "Quorate-HMAC-SHA256 1767323045678:n1:é")) {
      assertThat(secret.verify(header, "POST", PATH, BODY, NOW)).as(header).isFalse();
    }
  }

  @Test
  void shouldRefuseNoncesThatBreakTheHeader() {
    for (String value : List.of("", "a:b", "a b", "a\nb", "x".repeat(129))) {
      assertThatThrownBy(() -> secret.authorization("POST", PATH, BODY, NOW, value))
          .as(value)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("nonce");
    }
  }

  @Test
  void shouldIgnoreWhiteSpaceAtTheEnd() throws IOException {
    SharedSecret same = SharedSecret.read(file("same", TEXT + " \r\n\n", "r--------"));

    String header = same.authorization("POST", PATH, BODY, NOW, "n1");

    assertThat(secret.verify(header, "POST", PATH, BODY, NOW)).isTrue();
    assertThat(same.bytes()).isEqualTo(TEXT.getBytes(UTF_8));
  }

  @Test
  void shouldRefuseFilesThatHoldNoSecret() {
    refused("empty", "", "rw-------", "is empty");
    refused("blank", " \n", "rw-------", "is empty");
    refused("short", "0123456789abcde\n", "rw-------", "has 15 bytes; the least is 16");
    refused("long", "x".repeat(5000), "rw-------", "more than 4096 bytes");
  }

  @Test
  void shouldRefuseFilesThatOthersCanReadOrWrite() {
    for (String permissions : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
      refused("open", TEXT, permissions, "is open to others: chmod 600");
    }
  }

  @Test
  void shouldRefuseWhatIsNoFile() {
    assertThatThrownBy(() -> SharedSecret.read(directory.resolve("missing")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing is no file that can be read");
    assertThatThrownBy(() -> SharedSecret.read(directory)).isInstanceOf(IOException.class);
  }

  @Test
  void shouldNotPrintTheSecret() {
    assertThat(secret.toString()).doesNotContain(TEXT);
    assertThatThrownBy(() -> SharedSecret.read(file("s", "tell-nobody", "rw-------")))
        .message()
        .doesNotContain("tell-nobody");
  }

  private void refused(String name, String text, String permissions, String why) {
    assertThatThrownBy(() -> SharedSecret.read(file(name, text, permissions)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(why);
  }

  private Path file(String name, String text, String permissions) throws IOException {
    Path file = directory.resolve(name);
    Files.deleteIfExists(file);
    Files.writeString(file, text);
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
