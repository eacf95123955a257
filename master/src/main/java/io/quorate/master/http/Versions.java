package io.quorate.master.http;

/**
 * What this master says it is.
 *
 * @param mesos the version of the Mesos API that clients may expect; some read it to choose calls
 * @param quorate this release
 * @param startSeconds when the process began, since the epoch
 */
public record Versions(String mesos, String quorate, double startSeconds) {}
