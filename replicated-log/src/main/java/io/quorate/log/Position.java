package io.quorate.log;

/** Where an entry stands: its Raft term and index. */
public record Position(long term, long index) {}
