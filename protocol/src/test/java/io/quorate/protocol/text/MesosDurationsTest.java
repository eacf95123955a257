package io.quorate.protocol.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MesosDurationsTest {
  @Test
  @DisplayName("durations are written as Mesos does, in the largest unit without a remainder")
  void shouldPrint() {
    assertThat(MesosDurations.print(Duration.ofSeconds(5))).isEqualTo("5secs");
    assertThat(MesosDurations.print(Duration.ofMinutes(15))).isEqualTo("15mins");
    assertThat(MesosDurations.print(Duration.ofSeconds(90))).isEqualTo("90secs");
    assertThat(MesosDurations.print(Duration.ofMillis(1500))).isEqualTo("1500ms");
    assertThat(MesosDurations.print(Duration.ofDays(14))).isEqualTo("2weeks");
    assertThat(MesosDurations.print(Duration.ZERO)).isEqualTo("0ns");
  }

  @Test
  @DisplayName("and read in any unit, with a fraction; anything else says what is expected")
  void shouldParse() {
    assertThat(MesosDurations.parse("1.5secs")).isEqualTo(Duration.ofMillis(1500));
    assertThat(MesosDurations.parse("2weeks")).isEqualTo(Duration.ofDays(14));
    assertThat(MesosDurations.parse("0ns")).isEqualTo(Duration.ZERO);
    for (String wrong : new String[] {"", "5", "5s", "-1secs", "secs", "5 secs"}) {
      assertThatThrownBy(() -> MesosDurations.parse(wrong))
          .as(wrong)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("ns us ms secs mins hrs days weeks");
    }
  }
}
