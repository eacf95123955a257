package io.quorate.master.http.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.protocol.json.ProtoJson;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class RateLimitsTest {
  private static final long MILLI = 1_000_000;

  public static RateLimits limits(String json) throws Exception {
    return new RateLimits(
        ProtoJson.merge(
                json.replace('\'', '"').getBytes(StandardCharsets.UTF_8),
                io.quorate.protocol.v1.RateLimits.newBuilder())
            .build());
  }

  @Test
  @DisplayName("CP-461 calls of a principal wait for their turn, and over capacity are refused")
  void shouldPace() throws Exception {
    RateLimits limits = limits("{'limits':[{'principal':'p','qps':10,'capacity':2}]}");
    assertThat(limits.take("p", 0)).isEqualTo(OptionalLong.of(0));
    assertThat(limits.take("p", 0)).isEqualTo(OptionalLong.of(100 * MILLI));
    assertThat(limits.take("p", 0)).isEqualTo(OptionalLong.of(200 * MILLI));
    assertThat(limits.take("p", 0)).isEmpty();
    assertThat(limits.retryAfterSeconds("p")).isEqualTo(1);
    assertThat(limits.take("other", 0)).isEqualTo(OptionalLong.of(0));
    // Refused calls took no place.
    assertThat(limits.take("p", 150 * MILLI)).isEqualTo(OptionalLong.of(150 * MILLI));
    // Nothing is saved up while it is quiet.
    assertThat(limits.take("p", 60_000 * MILLI)).isEqualTo(OptionalLong.of(0));
    assertThat(limits.take("p", 60_000 * MILLI)).isEqualTo(OptionalLong.of(100 * MILLI));
  }

  @Test
  @DisplayName("CP-461 who is not named shares the default; who is named without a rate has none")
  void shouldShareTheDefault() throws Exception {
    RateLimits limits =
        limits(
            "{'limits':[{'principal':'free'}],'aggregate_default_qps':0.5,"
                + "'aggregate_default_capacity':0}");
    assertThat(limits.take("a", 0)).isEqualTo(OptionalLong.of(0));
    assertThat(limits.take("b", 0)).isEmpty();
    assertThat(limits.take("", 0)).isEmpty();
    assertThat(limits.retryAfterSeconds("b")).isEqualTo(2);
    for (int i = 0; i < 10; i++) {
      assertThat(limits.take("free", 0)).isEqualTo(OptionalLong.of(0));
    }
    assertThat(limits.take("b", 2_000 * MILLI)).isEqualTo(OptionalLong.of(0));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "{'limits':[{'principal':'p','qps':0}]}|'qps' must be above 0",
        "{'limits':[{'principal':'p','qps':-1}]}|'qps' must be above 0",
        "{'limits':[{'principal':'p','capacity':1}]}|'capacity' without 'qps'",
        "{'limits':[{'principal':'p'},{'principal':'p'}]}|there are two",
        "{'aggregate_default_capacity':1}|'capacity' without 'qps'",
      },
      quoteCharacter = '`')
  void shouldSayWhatIsWrong(String json, String text) {
    assertThatThrownBy(() -> limits(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--rate_limits")
        .hasMessageContaining(text);
  }
}
