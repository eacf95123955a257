package io.quorate.chaos.check.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.history.Op;

/**
 * An invocation with what came of it.
 *
 * @param done its completion; null if the history ends before
 */
public record Call(Op invoke, Op done) {
  /** A call that nobody heard of again may have happened. */
  Op.Type outcome() {
    return done == null ? Op.Type.INFO : done.type();
  }

  public boolean ok() {
    return outcome() == Op.Type.OK;
  }

  public boolean failed() {
    return outcome() == Op.Type.FAIL;
  }

  public String process() {
    return invoke.process();
  }

  public String f() {
    return invoke.f();
  }

  public String key() {
    return invoke.key();
  }

  public long called() {
    return invoke.time();
  }

  /** When its outcome was known; the end of time if it never was. */
  public long returned() {
    return done == null || done.type() == Op.Type.INFO ? Long.MAX_VALUE : done.time();
  }

  /** What was asked for. */
  public JsonNode input() {
    return invoke.value();
  }

  /** As a search for an order takes it. */
  public ModelCall operation() {
    return new ModelCall(
        process(),
        f(),
        input(),
        ok() ? done.value() : Json.NULL,
        called(),
        ok() ? done.time() : ModelCall.OPEN);
  }
}
