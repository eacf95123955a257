package io.quorate.master.apply;

import io.quorate.master.event.Event;
import io.quorate.master.event.VariableExpunged;
import io.quorate.master.event.VariableStored;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.FrameworkVariable;
import io.quorate.master.state.id.VariableKey;

/** Applies what becomes of frameworks' variables. */
final class VariableEvents {
  private VariableEvents() {}

  /** Applies an event of this family: one that {@link Apply} gives to it. */
  static MasterState apply(MasterState state, Event event) {
    return switch (event.getWhatCase()) {
      case VARIABLE_STORED -> apply(state, event.getVariableStored());
      case VARIABLE_EXPUNGED -> apply(state, event.getVariableExpunged());
      default -> throw new IllegalStateException("no event of variables: " + event.getWhatCase());
    };
  }

  static MasterState apply(MasterState state, VariableStored event) {
    return state.with(
        new FrameworkVariable(
            new VariableKey(event.getNamespace(), event.getName()),
            event.getVersion(),
            event.getValue(),
            state.cluster().timeNanos()));
  }

  static MasterState apply(MasterState state, VariableExpunged event) {
    return state.expunged(new VariableKey(event.getNamespace(), event.getName()));
  }
}
