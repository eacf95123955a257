package io.quorate.master.http.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this master says it is.
 *
 * @param mesos the version of the Mesos API that clients may expect; some read it to choose calls
 * @param quorate this release
 * @param startSeconds when the process began, since the epoch
 * @param flags what it was started with, and the defaults of the others
 */
public record Versions(
    String mesos, String quorate, double startSeconds, SortedMap<String, String> flags) {

  public Versions {
    flags = Collections.unmodifiableSortedMap(new TreeMap<>(flags));
  }

  /** Without flags. */
  public Versions(String mesos, String quorate, double startSeconds) {
    this(mesos, quorate, startSeconds, new TreeMap<>());
  }

  /** As {@code /version} shows them. */
  public void write(OutputStream out) throws IOException {
    String json =
        "{\"version\":\"%s\",\"quorate_version\":\"%s\",\"start_time\":%s}"
            .formatted(mesos, quorate, startSeconds);
    out.write(json.getBytes(StandardCharsets.UTF_8));
  }

  /** How long the process runs. */
  public double upSeconds() {
    return Math.max(0, Clock.systemUTC().millis() / 1000.0 - startSeconds);
  }
}
