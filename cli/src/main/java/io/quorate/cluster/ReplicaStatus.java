package io.quorate.cluster;

import com.fasterxml.jackson.databind.JsonNode;

/** What {@code /quorate/status} of a master says. */
public record ReplicaStatus(
    String member,
    boolean leading,
    long term,
    long committedIndex,
    long appliedIndex,
    long snapshotIndex,
    String chainHash,
    String stateDigest) {

  static ReplicaStatus of(JsonNode json) {
    return new ReplicaStatus(
        json.path("member").asText(),
        json.path("leading").asBoolean(),
        json.path("term").asLong(),
        json.path("committed_index").asLong(),
        json.path("applied_index").asLong(),
        json.path("snapshot_index").asLong(),
        json.path("chain_hash").asText(),
        json.path("state_digest").asText());
  }
}
