package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Libraries that daemons are started with. */
final class Preload {
  private static final String VARIABLE = "LD_PRELOAD";

  private Preload() {}

  /** One more, from this machine; every machine sees it in the shared directory. */
  static void add(ChaosCluster cluster, ClusterNode node, Path library) throws IOException {
    Path copy = cluster.shared().resolve(library.getFileName().toString());
    try {
      Files.copy(library, copy);
    } catch (FileAlreadyExistsException e) {
      // From another node's preparation.
    }
    Map<String, String> environment = node.environment();
    String now = environment.getOrDefault(VARIABLE, "");
    if (!now.contains(copy.toString())) {
      environment.put(VARIABLE, now.isEmpty() ? copy.toString() : now + ":" + copy);
    }
  }
}
