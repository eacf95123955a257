package io.quorate.chaos.check.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.check.evidence.ModelCall;
import io.quorate.chaos.history.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A register: {@code read} gives what was set last, and whatever else is called sets it.
 *
 * @param init what it holds before
 */
public record Register(JsonNode init) implements Model<JsonNode> {
  /** Empty at first. */
  public Register() {
    this(Json.NULL);
  }

  @Override
  public Optional<JsonNode> step(JsonNode state, String f, JsonNode input, JsonNode output) {
    if (!reads(f)) {
      return Optional.of(input);
    }
    return output.equals(state) ? Optional.of(state) : Optional.empty();
  }

  @Override
  public boolean reads(String f) {
    return f.equals("read");
  }

  @Override
  public Collection<JsonNode> shown(JsonNode output) {
    return List.of(output);
  }

  /** A write whose value is read cannot be left out: its readers would look wrong without it. */
  @Override
  public Optional<List<ModelCall>> without(List<ModelCall> history, ModelCall operation) {
    boolean read =
        !reads(operation.f())
            && history.stream()
                .anyMatch(call -> reads(call.f()) && call.output().equals(operation.input()));
    if (read) {
      return Optional.empty();
    }
    List<ModelCall> rest = new ArrayList<>(history);
    rest.remove(operation);
    return Optional.of(rest);
  }
}
