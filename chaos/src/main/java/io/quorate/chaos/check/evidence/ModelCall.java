package io.quorate.chaos.check.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import io.quorate.chaos.history.Json;
import java.util.Locale;

/**
 * A call of a client as a search for a linear order sees it.
 *
 * @param output what it was answered; null node if that is not known
 * @param called nanoseconds since the run began
 * @param returned the same; {@link #OPEN} if nobody knows whether it happened: it may take effect
 *     at any time after its call, or never
 */
public record ModelCall(
    String process, String f, JsonNode input, JsonNode output, long called, long returned) {
  public static final long OPEN = Long.MAX_VALUE;

  public ModelCall {
    input = plain(input);
    output = plain(output);
  }

  /** 1 and 1.0 are one number. */
  private static JsonNode plain(JsonNode value) {
    if (value.isArray()) {
      ArrayNode all = Json.MAPPER.createArrayNode();
      value.forEach(item -> all.add(plain(item)));
      return all;
    }
    boolean whole = value.isNumber() && value.doubleValue() == value.longValue();
    return whole ? LongNode.valueOf(value.longValue()) : value;
  }

  public boolean open() {
    return returned == OPEN;
  }

  public ModelCall opened() {
    return new ModelCall(process, f, input, output, called, OPEN);
  }

  public ModelCall answering(JsonNode other) {
    return new ModelCall(process, f, input, other, called, returned);
  }

  /** For people: who did what, when, and what came of it. */
  @Override
  public String toString() {
    String what = process + " " + f + (input.isNull() ? "" : " " + input);
    String from = String.format(Locale.ROOT, "%.6f", called / 1e9);
    return open()
        ? what + " at " + from + " s, outcome unknown"
        : String.format(
            Locale.ROOT, "%s at %s to %.6f s gave %s", what, from, returned / 1e9, output);
  }
}
