package io.quorate.protocol.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ConcurrentModificationException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FailuresTest {
  @Test
  @DisplayName("a failure is described by its message, also when another thread handed it over")
  void shouldSayTheMessage() {
    // given
    Throwable failure = new CompletionException(new IOException("the disk is full"));

    // when
    String said = Failures.describe(failure);

    // then
    assertThat(said).isEqualTo("the disk is full");
  }

  @Test
  @DisplayName("a failure without a message is described by its kind, never as null")
  void shouldSayTheKindWhereThereIsNoMessage() {
    // given
    Throwable bare = new ConcurrentModificationException();
    Throwable caused = new IOException(null, new ClosedChannelException());

    // when, then
    assertThat(Failures.describe(bare)).isEqualTo("ConcurrentModificationException");
    assertThat(Failures.describe(caused)).isEqualTo("IOException: ClosedChannelException");
  }
}
