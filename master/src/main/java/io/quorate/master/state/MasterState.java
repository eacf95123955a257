package io.quorate.master.state;

/** Everything that the masters know: an immutable value. */
public final class MasterState {}
