package io.quorate.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ConnectionTableTest {
  private static final HttpBounds BOUNDS =
      new HttpBounds(
          4, 3, 3, 2, Duration.ofMillis(20), Duration.ofMillis(30), Duration.ofMillis(75), 1, 1, 1);

  private final ConnectionTable<String> table = new ConnectionTable<>(BOUNDS);

  private void serve(String connection, String address) {
    assertThat(table.opened(connection, address, 0)).isEmpty();
    table.head(connection, 0);
    table.whole(connection);
  }

  @Test
  @DisplayName("the oldest connection without a request makes room for a new one")
  void shouldCloseOldestIdle() {
    // given
    table.opened("a1", "a", 0);
    table.opened("b1", "b", 0);
    table.opened("c1", "c", 0);
    // when, then
    assertThat(table.opened("d1", "d", 1)).containsExactly("a1");
    assertThat(table.size()).isEqualTo(3);
  }

  @Test
  @DisplayName("an address with many idle connections loses its own first")
  void shouldBoundAnAddress() {
    table.opened("b1", "b", 0);
    table.opened("a1", "a", 0);
    table.opened("a2", "a", 0);
    assertThat(table.opened("a3", "a", 1)).containsExactly("a1");
  }

  @Test
  @DisplayName("streams are never closed for a newcomer, who is closed instead")
  void shouldKeepWhatIsServed() {
    // given
    serve("a1", "a");
    serve("a2", "a");
    serve("a3", "a");
    // then: of one address
    assertThat(table.opened("a4", "a", 1)).containsExactly("a4");
    // and: in all
    serve("b1", "b");
    assertThat(table.opened("c1", "c", 1)).containsExactly("c1");
    assertThat(table.overdue(1_000_000)).isEmpty();
  }

  @Test
  @DisplayName("a first head, a body and the next head each have their time")
  void shouldCloseTheSlow() {
    // given
    table.opened("head", "a", 0);
    table.opened("body", "b", 0);
    table.head("body", 10);
    // then
    assertThat(table.overdue(19)).isEmpty();
    assertThat(table.overdue(20)).containsExactly("head");
    assertThat(table.overdue(39)).isEmpty();
    assertThat(table.overdue(40)).containsExactly("body");
    // and
    serve("idle", "c");
    table.answered("idle", 100);
    assertThat(table.overdue(174)).isEmpty();
    assertThat(table.overdue(175)).containsExactly("idle");
    assertThat(table.size()).isZero();
  }
}
