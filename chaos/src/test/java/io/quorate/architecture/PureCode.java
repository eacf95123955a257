package io.quorate.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Says which classes are pure, by their names: a replica must come to the same state on every
 * machine, and a core must do under the simulator what it does in a daemon.
 */
final class PureCode {
  /** Packages, with all that is below them. */
  private static final List<String> PACKAGES =
      List.of(
          ".master.state",
          ".master.access",
          ".master.apply",
          ".master.decide",
          ".master.allocator",
          ".master.effect",
          ".agent.state",
          ".agent.apply",
          ".agent.decide",
          ".driver.search");

  /** Packages in which quantities are whole numbers. */
  private static final List<String> EXACT =
      List.of(".master.apply", ".master.decide", ".agent.apply", ".agent.decide");

  /** Cores that live beside the threads and sockets which drive them. */
  private static final List<String> CORES =
      List.of(
          ".driver.ClientCore",
          ".protocol.retry.Backoff",
          ".agent.link.LinkCore",
          ".agent.link.LinkInput",
          ".agent.link.LinkAction",
          ".master.http.face.EventStream",
          ".master.http.face.EventStreams",
          ".master.http.face.Exchange",
          ".master.http.face.FaceEnvironment",
          ".master.http.face.FaceRequest",
          ".master.http.face.Reply",
          ".master.http.scheduler.SchedulerFaceCore",
          ".master.http.scheduler.SchedulerValidation",
          ".master.http.scheduler.Resumption",
          ".master.http.scheduler.InFlight",
          ".master.http.agent.AgentFaceCore",
          ".master.http.agent.AgentCallValidation");

  private final String root;

  PureCode(String root) {
    this.root = root;
  }

  /** Says whether the class may see nothing of the world around it. */
  boolean isPure(String className) {
    return isWithin(PACKAGES, className)
        || CORES.stream()
            .map(core -> root + core)
            .anyMatch(core -> className.equals(core) || className.startsWith(core + "$"));
  }

  /** Lists the entries that mean none of these classes, because what they meant has moved. */
  List<String> stale(List<String> classNames) {
    List<String> stale = new ArrayList<>();
    for (String name : PACKAGES) {
      if (classNames.stream().noneMatch(className -> className.startsWith(root + name + "."))) {
        stale.add(name);
      }
    }
    for (String name : CORES) {
      if (!classNames.contains(root + name)) {
        stale.add(name);
      }
    }
    return stale;
  }

  /** Says whether the class may not calculate with floating point numbers either. */
  boolean isExact(String className) {
    return isWithin(EXACT, className);
  }

  private boolean isWithin(List<String> packages, String className) {
    Stream<String> prefixes = packages.stream().map(name -> root + name + ".");
    return prefixes.anyMatch(className::startsWith);
  }
}
