package io.quorate.master.state.id;

import java.util.Comparator;

/** A command's place in its agent's stream. */
public record CommandKey(AgentId agent, long number) implements Comparable<CommandKey> {
  private static final Comparator<CommandKey> ORDER =
      Comparator.comparing(CommandKey::agent).thenComparingLong(CommandKey::number);

  @Override
  public int compareTo(CommandKey other) {
    return ORDER.compare(this, other);
  }
}
