package io.quorate.chaos.history;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * What one master said of itself at one moment.
 *
 * @param time nanoseconds since the run began
 * @param running whether its process was there
 * @param answered whether it said anything; if not, the rest is empty
 * @param serving whether it leads and took calls
 */
public record Sample(
    @JsonProperty("time") long time,
    @JsonProperty("master") String master,
    @JsonProperty("running") boolean running,
    @JsonProperty("answered") boolean answered,
    @JsonProperty("term") long term,
    @JsonProperty("serving") boolean serving,
    @JsonProperty("committed") long committed,
    @JsonProperty("applied") long applied,
    @JsonProperty("chain_hash") String chainHash,
    @JsonProperty("state_digest") String stateDigest) {}
