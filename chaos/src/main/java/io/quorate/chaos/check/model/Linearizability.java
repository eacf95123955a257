package io.quorate.chaos.check.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.check.evidence.ModelCall;
import io.quorate.chaos.check.verdict.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Searches for one order of all operations of one object, true to real time, in which a model
 * answers each as it was answered (Wing and Gong 1993). What was tried once, the same operations
 * done and the same state reached, is not tried again (Lowe 2017). Of a list of calls and returns
 * by time, an operation that is put into the order is lifted out, and put back where that led
 * nowhere.
 *
 * <p>An open operation may come last of all or not at all, so it has no return to wait for.
 */
public final class Linearizability<S> {
  /** How hard a search may try: steps of the model, and 64-bit words to remember what was tried. */
  public record Budget(long steps, long words) {
    public static final Budget USUAL = new Budget(20_000_000, 32L << 20);
  }

  /** What a search found, and how many steps of the model it took. */
  public record Result(Verdict.Status status, long steps) {}

  /** Operations that are in the order, from the first word that is not full, and what they made. */
  private record Tried<S>(int from, long[] words, S state) {
    @Override
    public int hashCode() {
      return 31 * (31 * Arrays.hashCode(words) + from) + state.hashCode();
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Tried<?> tried
          && from == tried.from
          && Arrays.equals(words, tried.words)
          && state.equals(tried.state);
    }
  }

  private record Step<S>(int call, S before) {}

  /** Words that a remembered configuration takes besides its bits. */
  private static final int OVERHEAD_WORDS = 8;

  private static final int HEAD = 0;

  private final Model<S> model;
  private final List<ModelCall> operations;
  private final Budget budget;
  // Calls and returns by time; 0 is before the first and after the last.
  private final int[] operationOf;
  private final boolean[] isCall;
  private final int[] returnOf;
  private final int[] next;
  private final int[] previous;
  private final BitSet done = new BitSet();
  private final Set<Tried<S>> tried = new HashSet<>();
  private final Deque<Step<S>> order = new ArrayDeque<>();
  private long words;
  private long steps;
  private int definiteLeft;

  private Linearizability(Model<S> model, List<ModelCall> operations, Budget budget) {
    this.model = model;
    this.operations = operations;
    this.budget = budget;
    List<long[]> events = new ArrayList<>();
    for (int i = 0; i < operations.size(); i++) {
      ModelCall operation = operations.get(i);
      events.add(new long[] {operation.called(), 0, i});
      if (!operation.open()) {
        events.add(new long[] {operation.returned(), 1, i});
        definiteLeft++;
      }
    }
    // At one time calls come before returns: who is not certainly before is beside.
    events.sort(
        Comparator.<long[]>comparingLong(event -> event[0]).thenComparingLong(event -> event[1]));
    int size = events.size() + 1;
    operationOf = new int[size];
    isCall = new boolean[size];
    returnOf = new int[size];
    next = new int[size];
    previous = new int[size];
    int[] callOf = new int[operations.size()];
    for (int at = 1; at < size; at++) {
      long[] event = events.get(at - 1);
      operationOf[at] = (int) event[2];
      isCall[at] = event[1] == 0;
      if (isCall[at]) {
        callOf[operationOf[at]] = at;
      } else {
        returnOf[callOf[operationOf[at]]] = at;
      }
      previous[at] = at - 1;
      next[at - 1] = at;
    }
    previous[HEAD] = size - 1;
  }

  /** The operations of one object. Pure: it stops after so much work, not after so much time. */
  public static <S> Result check(Model<S> model, List<ModelCall> history, Budget budget) {
    Linearizability<S> search = new Linearizability<>(model, noticed(model, history), budget);
    return new Result(search.search(), search.steps);
  }

  /**
   * Without the open operations that no read shows: where they are in an order, they can be left
   * out of it. The number of orders grows with each that need not be tried.
   */
  private static List<ModelCall> noticed(Model<?> model, List<ModelCall> history) {
    Set<JsonNode> shown = new HashSet<>();
    for (ModelCall modelCall : history) {
      if (!modelCall.open() && model.reads(modelCall.f())) {
        shown.addAll(model.shown(modelCall.output()));
      }
    }
    List<ModelCall> noticed = new ArrayList<>();
    for (ModelCall call : history) {
      if (!call.open() || (!model.reads(call.f()) && shown.contains(call.input()))) {
        noticed.add(call);
      }
    }
    return noticed;
  }

  private Verdict.Status search() {
    S state = model.init();
    int at = next[HEAD];
    while (definiteLeft > 0) {
      if (!isCall[at]) {
        // It returned before all that is left, and none of those may come before it.
        if (order.isEmpty()) {
          return Verdict.Status.INVALID;
        }
        Step<S> last = order.pop();
        state = last.before;
        putBack(last.call);
        at = next[last.call];
        continue;
      }
      if (++steps > budget.steps || words > budget.words) {
        return Verdict.Status.UNKNOWN;
      }
      ModelCall operation = operations.get(operationOf[at]);
      Optional<S> after = model.step(state, operation.f(), operation.input(), operation.output());
      if (after.isPresent() && isNew(operationOf[at], after.get())) {
        order.push(new Step<>(at, state));
        state = after.get();
        lift(at);
        at = next[HEAD];
      } else {
        at = next[at];
      }
    }
    return Verdict.Status.VALID;
  }

  private boolean isNew(int operation, S state) {
    done.set(operation);
    long[] bits = done.toLongArray();
    done.clear(operation);
    int from = 0;
    while (from < bits.length && bits[from] == -1L) {
      from++;
    }
    long[] rest = from == 0 ? bits : Arrays.copyOfRange(bits, from, bits.length);
    boolean added = tried.add(new Tried<>(from, rest, state));
    words += added ? rest.length + OVERHEAD_WORDS : 0;
    return added;
  }

  private void lift(int call) {
    done.set(operationOf[call]);
    unlink(call);
    if (returnOf[call] != 0) {
      unlink(returnOf[call]);
      definiteLeft--;
    }
  }

  private void putBack(int call) {
    done.clear(operationOf[call]);
    if (returnOf[call] != 0) {
      link(returnOf[call]);
      definiteLeft++;
    }
    link(call);
  }

  private void unlink(int at) {
    next[previous[at]] = next[at];
    previous[next[at]] = previous[at];
  }

  private void link(int at) {
    next[previous[at]] = at;
    previous[next[at]] = at;
  }
}
