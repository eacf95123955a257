package io.quorate.chaos.check.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.quorate.chaos.check.evidence.ModelCall;
import io.quorate.chaos.history.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/** Histories that have a linear order because they were made from one, and spoilt ones. */
final class RandomHistories {
  private final Random random;
  private final Model<?> model;
  private long lastValue;

  RandomHistories(long seed, Model<?> model) {
    this.random = new Random(seed);
    this.model = model;
  }

  private record Draft(int process, String f, JsonNode input, long called, long returned) {}

  /**
   * Every process makes one call after the other; each takes effect at some moment of its call, and
   * of every {@code openOneIn}th nobody learns the outcome; half of those never happened.
   */
  List<ModelCall> linearizable(int processes, int operations, int openOneIn) {
    TreeMap<Long, Draft> byEffect = new TreeMap<>();
    List<Draft> never = new ArrayList<>();
    long[] free = new long[processes];
    while (byEffect.size() + never.size() < operations) {
      int process = random.nextInt(processes);
      long called = free[process] + random.nextInt(20);
      long effect = called + random.nextInt(20);
      long returned = effect + random.nextInt(20);
      boolean open = random.nextInt(openOneIn) == 0;
      boolean reads = random.nextInt(2) == 0;
      free[process] = returned + 1;
      Draft draft =
          new Draft(
              process,
              reads ? "read" : model instanceof Register ? "write" : "add",
              reads ? Json.NULL : LongNode.valueOf(++lastValue),
              called,
              open ? ModelCall.OPEN : returned);
      if (open && random.nextBoolean()) {
        never.add(draft);
      } else {
        byEffect.putIfAbsent(effect * operations + byEffect.size(), draft);
      }
    }
    List<ModelCall> history = new ArrayList<>();
    List<JsonNode> written = new ArrayList<>();
    byEffect.values().forEach(draft -> history.add(done(draft, written)));
    never.forEach(draft -> history.add(done(draft, new ArrayList<>(written))));
    return history;
  }

  private ModelCall done(Draft draft, List<JsonNode> written) {
    JsonNode output = Json.NULL;
    if (!draft.f.equals("read")) {
      written.add(draft.input);
    } else if (model instanceof GrowingSet) {
      output = Json.MAPPER.valueToTree(written);
    } else if (!written.isEmpty()) {
      output = written.get(written.size() - 1);
    }
    return new ModelCall(
        "client" + draft.process, draft.f, draft.input, output, draft.called, draft.returned);
  }

  /** The same with one answer or one time changed: perhaps still with a linear order. */
  List<ModelCall> spoilt(List<ModelCall> history) {
    List<ModelCall> spoilt = new ArrayList<>(history);
    int at = random.nextInt(spoilt.size());
    ModelCall one = spoilt.get(at);
    if (one.f().equals("read") && !one.open()) {
      spoilt.set(at, one.answering(other(one.output())));
    } else {
      long later = one.called() + 10 + random.nextInt(40);
      spoilt.set(
          at,
          new ModelCall(
              one.process(),
              one.f(),
              one.input(),
              one.output(),
              later,
              one.open() ? one.returned() : Math.max(later, one.returned())));
    }
    return spoilt;
  }

  private JsonNode other(JsonNode output) {
    if (model instanceof Register) {
      return random.nextInt(5) == 0 ? Json.NULL : LongNode.valueOf(1 + random.nextInt(6));
    }
    TreeSet<Long> elements = new TreeSet<>();
    output.forEach(element -> elements.add(element.longValue()));
    long element = 1L + random.nextInt(6);
    if (!elements.remove(element)) {
      elements.add(element);
    }
    return Json.MAPPER.valueToTree(elements);
  }
}
