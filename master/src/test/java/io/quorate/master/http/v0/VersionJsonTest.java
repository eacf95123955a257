package io.quorate.master.http.v0;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.http.server.Versions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What {@code /version} says. */
class VersionJsonTest {
  @Test
  void shouldWriteAValueThatNeedsEscaping() throws IOException {
    // given
    Versions versions = new Versions("1.11.0", "0.1 \"dev\"", 12.5);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // when
    StateJson.version(versions, out);
    // then
    assertThat(out.toString(StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"version\":\"1.11.0\",\"quorate_version\":\"0.1 \\\"dev\\\"\",\"start_time\":12.5}");
  }
}
