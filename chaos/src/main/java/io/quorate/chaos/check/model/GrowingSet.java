package io.quorate.chaos.check.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.quorate.chaos.check.evidence.ModelCall;
import io.quorate.chaos.history.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pcollections.HashTreePSet;
import org.pcollections.MapPSet;

/** A set: {@code add} puts an element in, {@code read} gives all that are in. */
public final class GrowingSet implements Model<GrowingSet.Elements> {
  /** Its elements, with the sum of their hashes. */
  record Elements(MapPSet<JsonNode> all, int hash) {
    Elements with(JsonNode element) {
      return all.contains(element)
          ? this
          : new Elements(all.plus(element), hash + element.hashCode());
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Elements elements
          && hash == elements.hash
          && all.equals(elements.all);
    }
  }

  @Override
  public Elements init() {
    return new Elements(HashTreePSet.empty(), 0);
  }

  @Override
  public Optional<Elements> step(Elements state, String f, JsonNode input, JsonNode output) {
    if (!reads(f)) {
      return Optional.of(state.with(input));
    }
    // Most reads are tried too early or too late: sizes tell without a look at the elements.
    if (output.size() < state.all.size()) {
      return Optional.empty();
    }
    return shown(output).equals(state.all) ? Optional.of(state) : Optional.empty();
  }

  @Override
  public boolean reads(String f) {
    return f.equals("read");
  }

  @Override
  public Collection<JsonNode> shown(JsonNode output) {
    Set<JsonNode> elements = new HashSet<>();
    output.forEach(elements::add);
    return elements;
  }

  /** Without an addition, nobody reads its element either. */
  @Override
  public Optional<List<ModelCall>> without(List<ModelCall> history, ModelCall operation) {
    List<ModelCall> rest = new ArrayList<>();
    for (ModelCall modelCall : history) {
      if (modelCall.equals(operation)) {
        continue;
      }
      boolean sameElement = !reads(operation.f()) && modelCall.input().equals(operation.input());
      if (reads(modelCall.f())) {
        rest.add(
            reads(operation.f())
                ? modelCall
                : modelCall.answering(less(modelCall.output(), operation.input())));
      } else if (!sameElement) {
        rest.add(modelCall);
      }
    }
    return Optional.of(rest);
  }

  private static JsonNode less(JsonNode read, JsonNode element) {
    ArrayNode rest = Json.MAPPER.createArrayNode();
    for (JsonNode node : read) {
      if (!node.equals(element)) {
        rest.add(node);
      }
    }
    return rest;
  }
}
