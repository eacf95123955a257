package io.quorate.master.allocator;

import io.quorate.master.allocator.policy.Share;
import io.quorate.master.allocator.policy.Sibling;
import java.math.BigDecimal;

/** A node is a place in the role tree: a {@link Group} of others, or a {@link Client}. */
abstract sealed class Node implements Sibling permits Group, Client {
  final Group parent;
  private final String name;
  private final Totals totals;
  private BigDecimal weight = BigDecimal.ONE;
  private double weightValue = 1;
  private long[] allocated = {};
  private long turns;

  /** This many clients, here and below, want offers. */
  private int eager;

  private Share share = Share.NONE;
  private long shareOf = -1;

  Node(String name, Group parent, Totals totals) {
    this.name = name;
    this.parent = parent;
    this.totals = totals;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public double weight() {
    return weightValue;
  }

  @Override
  public Share share() {
    if (shareOf != totals.version()) {
      share = Share.of(allocated, totals.amounts(), weight);
      shareOf = totals.version();
    }
    return share;
  }

  @Override
  public long turns() {
    return turns;
  }

  int eager() {
    return eager;
  }

  long[] allocated() {
    return allocated;
  }

  void weigh(double newWeight) {
    if (newWeight != weightValue) {
      weightValue = newWeight;
      weight = BigDecimal.valueOf(newWeight);
      changed();
    }
  }

  /** Here and in all above; their order is not kept. */
  void count(long[] more, long[] less, long moreTurns, int moreEager) {
    for (Node node = this; node != null; node = node.parent) {
      node.allocated = Scalars.subtract(Scalars.add(node.allocated, more), less);
      node.turns += moreTurns;
      node.eager += moreEager;
      node.changed();
    }
  }

  /** One more offer, here and in all above, each put where it belongs now. */
  void serve(long[] amounts) {
    count(amounts, new long[0], 1, 0);
    for (Node node = this; node.parent != null; node = node.parent) {
      node.parent.reposition(node);
    }
  }

  private void changed() {
    shareOf = -1;
    if (parent != null) {
      parent.unsorted();
    }
  }
}
