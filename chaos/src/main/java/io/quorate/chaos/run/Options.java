package io.quorate.chaos.run;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What one run is to be.
 *
 * @param directory of the run; does not exist yet
 * @param backend {@code namespaces} or {@code containers}
 * @param timeLimit how long nemeses strike and clients work; beginning and end come on top
 * @param hold how long a strike lasts
 * @param quiet how long there is peace after a strike, and before the first
 * @param recovery within which every client must be served once all is healed
 * @param rate operations a second of all clients together
 */
public record Options(
    Path directory,
    String backend,
    String workload,
    List<String> nemeses,
    Duration timeLimit,
    Duration hold,
    Duration quiet,
    Duration recovery,
    long seed,
    int masters,
    int agents,
    int clients,
    double rate) {

  /** The command that does this again. */
  public String command() {
    return "./quorate chaos --nemesis "
        + (nemeses.isEmpty() ? "none" : String.join(",", nemeses))
        + " --workload "
        + workload
        + " --time-limit "
        + timeLimit.toSeconds()
        + " --hold "
        + hold.toSeconds()
        + " --quiet "
        + quiet.toSeconds()
        + " --rate "
        + rate
        + " --masters "
        + masters
        + " --agents "
        + agents
        + " --clients "
        + clients
        + " --backend "
        + backend
        + " --seed "
        + seed;
  }
}
