package io.quorate.protocol.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UriSecretsTest {
  @Test
  @DisplayName("a URI is shown without user, query and fragment, and a data: URI without its data")
  void shouldShow() {
    assertThat(UriSecrets.shown("https://me:pass@host:1/a/b?token=t#s"))
        .isEqualTo("https://host:1/a/b");
    assertThat(UriSecrets.shown("http://me:p@ss@host/x@y")).isEqualTo("http://host/x@y");
    assertThat(UriSecrets.shown("S3://key:se cret@bucket/x")).isEqualTo("S3://bucket/x");
    assertThat(UriSecrets.shown("http://token@host")).isEqualTo("http://host");
    assertThat(UriSecrets.shown("DATA:text/plain,secret")).isEqualTo("data:...");
    assertThat(UriSecrets.shown("/a/b?c@d")).isEqualTo("/a/b?c@d");
    assertThat(UriSecrets.shown("http://host/a\n2026 INFO forged"))
        .isEqualTo("http://host/a?2026 INFO forged");
  }

  @Test
  @DisplayName("others' words about a URI lose its secrets, as they are written or decoded")
  void shouldClear() {
    String uri = "http://me:p%40ss@host/x?sig=abc%2Fdef&n=1";
    assertThat(UriSecrets.cleared("GET " + uri + " failed for p@ss with abc/def", uri))
        .doesNotContain("p@ss")
        .doesNotContain("p%40ss")
        .doesNotContain("abc")
        .contains("host/x");
    assertThat(UriSecrets.cleared("moved to 'https://other/x?token=secret' now", uri))
        .isEqualTo("moved to 'https://other/x' now");
  }
}
