package io.quorate.protocol.link;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class NumberWindowTest {
  private final NumberWindow window = new NumberWindow();

  @Test
  @DisplayName("each number is taken once, in whatever order they come within the window")
  void shouldTakeEachOnce() {
    // when
    assertThat(window.take(2)).isTrue();
    assertThat(window.take(1)).isTrue();
    assertThat(window.take(200)).isTrue();
    assertThat(window.take(100)).isTrue();
    // then
    for (long number : new long[] {1, 2, 100, 200}) {
      assertThat(window.take(number)).as("number %d again", number).isFalse();
    }
  }

  @Test
  @DisplayName("a number that is no call's, or older than the window, is not taken")
  void shouldRefuseWhatIsOld() {
    assertThat(window.take(0)).isFalse();
    assertThat(window.take(-1)).isFalse();
    assertThat(window.take(1_000)).isTrue();
    assertThat(window.take(1_000 - 256)).isFalse();
    assertThat(window.take(1_000 - 255)).isTrue();
    assertThat(window.take(1_000 + 256)).isTrue();
    assertThat(window.take(1_000)).isFalse();
  }
}
