package io.quorate.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.history.Op;

/**
 * An invocation with what came of it.
 *
 * @param done its completion; null if the history ends before
 */
record Call(Op invoke, Op done) {
  /** A call that nobody heard of again may have happened. */
  Op.Type outcome() {
    return done == null ? Op.Type.INFO : done.type();
  }

  boolean ok() {
    return outcome() == Op.Type.OK;
  }

  boolean failed() {
    return outcome() == Op.Type.FAIL;
  }

  String process() {
    return invoke.process();
  }

  String f() {
    return invoke.f();
  }

  String key() {
    return invoke.key();
  }

  long called() {
    return invoke.time();
  }

  /** When its outcome was known; the end of time if it never was. */
  long returned() {
    return done == null || done.type() == Op.Type.INFO ? Long.MAX_VALUE : done.time();
  }

  /** What was asked for. */
  JsonNode input() {
    return invoke.value();
  }

  /** As a search for an order takes it. */
  Operation operation() {
    return new Operation(
        process(),
        f(),
        input(),
        ok() ? done.value() : Json.NULL,
        called(),
        ok() ? done.time() : Operation.OPEN);
  }
}
