package io.quorate.master.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.event.Event;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;

class TotalApplyTest {
  @Property(tries = 400)
  @Label("apply has a state for every event on every state, and the rows give the same one")
  void shouldApplyEveryEventOnEveryState(@ForAll long seed) {
    // given
    ArbitraryStates cluster = new ArbitraryStates(seed);
    cluster.live();
    if (seed % 2 == 0) {
      cluster.damage();
    }
    for (int number = 0; number < 10; number++) {
      // when
      Event event = cluster.event();
      cluster.happens(event);
      // then
      MasterState live = cluster.state();
      MasterState restored = cluster.restored();
      for (TableSpec<?, ?> table : Tables.all()) {
        assertThat(restored.table(table))
            .as("the table %s after %s", table, event)
            .isEqualTo(live.table(table));
      }
      assertThat(restored).isEqualTo(live);
      assertThat(restored.indexes())
          .as("what is derived, after %s", event)
          .usingRecursiveComparison()
          .isEqualTo(live.indexes());
    }
  }
}
