package io.quorate.protocol.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class BackoffTest {
  private static final Duration FIRST = Duration.ofMillis(50);
  private static final Duration LONGEST = Duration.ofMillis(300);

  @Test
  @DisplayName("pauses double from the first one up to the longest one")
  void shouldDoubleUpToTheLongest() {
    // given
    Backoff begun = Backoff.between(FIRST, LONGEST);

    // when
    List<Long> pauses =
        Stream.iterate(begun, Backoff::next)
            .limit(5)
            .map(backoff -> backoff.present().toMillis())
            .toList();

    // then
    assertThat(pauses).containsExactly(50L, 100L, 200L, 300L, 300L);
  }

  @Test
  @DisplayName("after a success the first pause is due again")
  void shouldBeginAnewAfterASuccess() {
    // given
    Backoff late = Backoff.between(FIRST, LONGEST).next().next();

    // when
    Backoff reset = late.reset();

    // then
    assertThat(reset).isEqualTo(Backoff.between(FIRST, LONGEST));
  }

  @Test
  @DisplayName("jitter takes away half of a pause at the most, whatever number is drawn")
  void shouldJitterWithinTheUpperHalf() {
    // given
    Backoff backoff = Backoff.between(FIRST, LONGEST);

    for (long chance : new long[] {0, 1, -1, 12345, Long.MIN_VALUE, Long.MAX_VALUE}) {
      // when
      Duration pause = backoff.jittered(chance);

      // then
      assertThat(pause).isBetween(FIRST.dividedBy(2), FIRST).isEqualTo(backoff.jittered(chance));
    }
  }

  @Test
  @DisplayName("bounds that make no sense are refused")
  void shouldRefuseBoundsThatMakeNoSense() {
    // given
    Duration shorter = FIRST.minusMillis(1);

    // when, then
    assertThatThrownBy(() -> Backoff.between(FIRST, shorter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("first <= longest");
    assertThatThrownBy(() -> Backoff.between(Duration.ZERO, FIRST))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
