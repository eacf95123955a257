package io.quorate.chaos.check.evidence;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One event of the replicated log.
 *
 * @param index of its entry
 * @param record the number of its call in the whole log, from 0; the events of one call share it
 * @param call what caused it, as log.proto's Call has it
 * @param kind the event's name in log.proto: {@code offer_extended}
 * @param event what it says
 */
public record LoggedEvent(long index, int record, JsonNode call, String kind, JsonNode event) {
  public boolean is(String other) {
    return kind.equals(other);
  }

  public String text(String field) {
    return event.path(field).asText();
  }

  /** The task of a status. */
  public String task() {
    return event.path("status").path("task_id").path("value").asText();
  }

  /** The state that a status tells. */
  String state() {
    return event.path("status").path("state").asText();
  }

  /** The update that is acknowledged. */
  public String acknowledged() {
    return Uuids.plain(text("uuid"));
  }

  /** Empty if there is none: nobody acknowledges that status. */
  public String uuid() {
    return Uuids.plain(event.path("status").path("uuid").asText());
  }
}
