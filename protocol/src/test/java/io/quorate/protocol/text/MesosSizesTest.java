package io.quorate.protocol.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MesosSizesTest {
  @ParameterizedTest(name = "{0} is {1} bytes")
  @DisplayName("each unit of a size is 1,024 times the one before")
  @CsvSource({"0B,0", "7B,7", "2KB,2048", "1MB,1048576", "2GB,2147483648", "1TB,1099511627776"})
  void shouldReadEachUnit(String text, long expected) {
    // when
    long bytes = MesosSizes.parse(text);

    // then
    assertThat(bytes).isEqualTo(expected);
  }

  @ParameterizedTest
  @DisplayName("what is not a size, or is too large, is refused with what is expected")
  @ValueSource(strings = {"", "5", "5kb", "-1KB", "1.5GB", "5 MB", "9999999999TB"})
  void shouldRefuseWhatIsNotASize(String text) {
    // when, then
    assertThatThrownBy(() -> MesosSizes.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + text + "'")
        .hasMessageContaining("B");
  }
}
