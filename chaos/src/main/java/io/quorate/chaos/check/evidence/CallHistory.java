package io.quorate.chaos.check.evidence;

import io.quorate.chaos.history.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/** A run's operations, read in the ways in which the checkers ask. */
public final class CallHistory {
  /** When the nemesis did something, and to whom; still on at the end of time if never stopped. */
  public record Strike(String f, String what, long from, long to) {
    /** Whether it reaches beyond the masters: to agents, their tasks or executors. */
    public boolean touchesAgents() {
      String both = f + " " + what;
      return both.contains("agent") || both.contains("executor") || both.contains("task");
    }
  }

  private final List<Op> ops;
  private final List<Call> calls = new ArrayList<>();
  private final List<Op> events = new ArrayList<>();
  private final Map<String, List<Op>> byProcess = new HashMap<>();
  private final List<Strike> strikes = new ArrayList<>();
  private Optional<Long> healed = Optional.empty();

  /** By time. */
  public CallHistory(List<Op> ops) {
    this.ops = ops;
    Map<List<Object>, Integer> open = new HashMap<>();
    for (Op op : ops) {
      if (op.process().equals(Op.NEMESIS)) {
        nemesis(op);
      } else if (op.type() == Op.Type.EVENT) {
        events.add(op);
        byProcess.computeIfAbsent(op.process(), key -> new ArrayList<>()).add(op);
      } else if (op.type() == Op.Type.INVOKE) {
        open.put(List.of(op.process(), op.id()), calls.size());
        calls.add(new Call(op, null));
      } else {
        Integer at = open.remove(List.of(op.process(), op.id()));
        if (at == null) {
          throw new IllegalStateException("a completion without its invocation: " + OpText.of(op));
        }
        calls.set(at, new Call(calls.get(at).invoke(), op));
      }
    }
  }

  private void nemesis(Op op) {
    String phase = op.value().path("phase").asText();
    if (op.f().equals("healed")) {
      healed = Optional.of(op.time());
    } else if (phase.equals("start")) {
      strikes.add(new Strike(op.f(), op.value().path("what").asText(), op.time(), Long.MAX_VALUE));
    } else if (phase.equals("struck")) {
      last(
          op.f(),
          strike ->
              new Strike(strike.f(), op.value().path("what").asText(), strike.from(), strike.to()));
    } else if (phase.equals("stop")) {
      last(op.f(), strike -> new Strike(strike.f(), strike.what(), strike.from(), op.time()));
    }
  }

  /** The last of this kind that is still on. */
  private void last(String f, UnaryOperator<Strike> how) {
    for (int i = strikes.size() - 1; i >= 0; i--) {
      if (strikes.get(i).f().equals(f) && strikes.get(i).to() == Long.MAX_VALUE) {
        strikes.set(i, how.apply(strikes.get(i)));
        return;
      }
    }
  }

  /** By the time of the invocation. */
  public List<Call> calls(String... fs) {
    Set<String> wanted = Set.of(fs);
    return calls.stream().filter(call -> wanted.contains(call.f())).toList();
  }

  public List<Op> events(String... fs) {
    Set<String> wanted = Set.of(fs);
    return events.stream().filter(event -> wanted.contains(event.f())).toList();
  }

  public List<Op> eventsOf(String process) {
    return byProcess.getOrDefault(process, List.of());
  }

  /** What each task's client was told of it, by time. */
  public Map<String, List<Op>> updates() {
    Map<String, List<Op>> byTask = new TreeMap<>();
    for (Op update : events("update")) {
      byTask.computeIfAbsent(update.key(), key -> new ArrayList<>()).add(update);
    }
    return byTask;
  }

  /** Who called or was told anything. */
  public Set<String> clients() {
    Set<String> clients = new TreeSet<>();
    calls.forEach(call -> clients.add(call.process()));
    events.forEach(event -> clients.add(event.process()));
    return clients;
  }

  /** The processes that were told that they are this framework. */
  Set<String> clientsOf(String framework) {
    Set<String> clients = new TreeSet<>();
    for (Op op : events("subscribed")) {
      if (op.key().equals(framework)) {
        clients.add(op.process());
      }
    }
    return clients;
  }

  /** The framework that a process was told last that it is; its own name if it never was. */
  public String frameworkOf(String process) {
    String framework = process;
    for (Op event : events("subscribed")) {
      framework = event.process().equals(process) ? event.key() : framework;
    }
    return framework;
  }

  public List<Strike> strikes() {
    return strikes;
  }

  /** Whether the nemesis was at it at any moment between these. */
  public boolean struck(long from, long to) {
    return strikes.stream().anyMatch(strike -> strike.from() <= to && strike.to() >= from);
  }

  /** When all that the nemesis did was undone for good. */
  public Optional<Long> healed() {
    return healed;
  }

  public long end() {
    return ops.isEmpty() ? 0 : ops.get(ops.size() - 1).time();
  }
}
