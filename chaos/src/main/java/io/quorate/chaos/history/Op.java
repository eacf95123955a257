package io.quorate.chaos.history;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;

/**
 * One line of a history, in the form that Jepsen made common.
 *
 * @param time nanoseconds since the run began, of the machine's monotonic clock, which all
 *     processes of a run share
 * @param process who: the name of a node, or {@link #NEMESIS}; one process may have several
 *     operations in flight
 * @param f what was tried or told: {@code launch}, {@code kill}, {@code update}, {@code write}...
 * @param key the thing that it is about, empty if there is none: a task, a register
 * @param value what was sent or read, by the rules of each {@code f}; null node if nothing
 * @param id joins an invocation with its completion; 0 for events
 * @param error why it failed, or is unknown; empty if it did not
 */
@JsonInclude(JsonInclude.Include.NON_DEFAULT)
public record Op(
    @JsonProperty("time") long time,
    @JsonProperty("process") String process,
    @JsonProperty("type") Type type,
    @JsonProperty("f") String f,
    @JsonProperty("key") String key,
    @JsonProperty("value") JsonNode value,
    @JsonProperty("id") long id,
    @JsonProperty("error") String error) {

  /** The process that does the harm. */
  public static final String NEMESIS = "nemesis";

  /** What a line says. */
  public enum Type {
    /** It was asked for. */
    @JsonProperty("invoke")
    INVOKE,
    /** It happened. */
    @JsonProperty("ok")
    OK,
    /** It did certainly not happen. */
    @JsonProperty("fail")
    FAIL,
    /** Nobody knows whether it happened, and it may still. */
    @JsonProperty("info")
    INFO,
    /** The process was told something that it had not asked for. */
    @JsonProperty("event")
    EVENT
  }

  public Op {
    key = key == null ? "" : key;
    value = value == null ? Json.NULL : value;
    error = error == null ? "" : error;
  }
}
