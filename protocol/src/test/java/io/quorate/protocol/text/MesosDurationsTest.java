package io.quorate.protocol.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MesosDurationsTest {
  @ParameterizedTest(name = "{0}")
  @DisplayName("durations are written as Mesos does, in the largest unit without a remainder")
  @CsvSource({
    "PT5S,5secs",
    "PT15M,15mins",
    "PT90S,90secs",
    "PT1.5S,1500ms",
    "PT336H,2weeks",
    "PT0S,0ns"
  })
  void shouldPrintInTheLargestUnitThatFits(Duration duration, String expected) {
    // when
    String printed = MesosDurations.print(duration);

    // then
    assertThat(printed).isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("durations are read in any unit, with a fraction, exactly")
  @CsvSource({"1.5secs,PT1.5S", "2weeks,PT336H", "0ns,PT0S", "0.3us,PT0.0000003S"})
  void shouldReadAnyUnit(String text, Duration expected) {
    // when
    Duration duration = MesosDurations.parse(text);

    // then
    assertThat(duration).isEqualTo(expected);
  }

  @ParameterizedTest
  @DisplayName("what is not a duration is refused with what is expected")
  @ValueSource(strings = {"", "5", "5s", "-1secs", "secs", "5 secs"})
  void shouldRefuseWhatIsNotADuration(String text) {
    // when, then
    assertThatThrownBy(() -> MesosDurations.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ns us ms secs mins hrs days weeks");
  }

  @Test
  @DisplayName("a duration that no clock of ours can count is refused")
  void shouldRefuseWhatIsTooLong() {
    // when, then
    assertThatThrownBy(() -> MesosDurations.parse("99999999weeks"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("longer than 292 years");
  }
}
