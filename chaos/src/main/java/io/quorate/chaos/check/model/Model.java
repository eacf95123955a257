package io.quorate.chaos.check.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.check.evidence.ModelCall;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What an object does when one operation comes after the other.
 *
 * @param <S> its state: immutable, equal when nothing tells two of them apart, with a hash that
 *     costs little
 */
public interface Model<S> {
  S init();

  /** The state after an operation; empty if it cannot have been answered so in this state. */
  Optional<S> step(S state, String f, JsonNode input, JsonNode output);

  /** Whether the operation leaves every state as it is. */
  boolean reads(String f);

  /** The inputs of changes that an answer to a read shows. */
  Collection<JsonNode> shown(JsonNode output);

  /**
   * A history without an operation that has a linear order if the whole one has: so what is found
   * wrong in the smaller one is wrong in the whole one. Empty if this operation cannot be left out.
   */
  Optional<List<ModelCall>> without(List<ModelCall> history, ModelCall operation);
}
