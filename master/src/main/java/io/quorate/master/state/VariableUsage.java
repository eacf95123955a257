package io.quorate.master.state;

import io.quorate.master.state.entity.FrameworkVariable;

/**
 * What variables take together.
 *
 * @param count how many there are
 * @param bytes the sum of {@link FrameworkVariable#bytes}
 */
public record VariableUsage(int count, long bytes) {
  public static final VariableUsage NONE = new VariableUsage(0, 0);

  /** With one more; null for none. */
  VariableUsage with(FrameworkVariable variable) {
    return variable == null ? this : new VariableUsage(count + 1, bytes + variable.bytes());
  }

  /** With one less; null for none. */
  VariableUsage without(FrameworkVariable variable) {
    return variable == null ? this : new VariableUsage(count - 1, bytes - variable.bytes());
  }
}
