package io.quorate.chaos.simulate.agent;

import io.quorate.agent.check.Probe;
import io.quorate.agent.check.Probes;
import io.quorate.agent.check.Target;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.flags.DockerSettings;
import io.quorate.agent.flags.ExecutorSettings;
import io.quorate.agent.flags.FetchSettings;
import io.quorate.agent.flags.FilesSettings;
import io.quorate.agent.flags.GarbageCollectionSettings;
import io.quorate.agent.flags.IsolationSettings;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.CheckInfo;
import io.quorate.protocol.v1.HealthCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How simulated agents are set: as by default, on a faster clock. */
final class AgentSetup {
  /** Simulated tasks have no checks. */
  static final Probes NO_PROBES =
      new Probes() {
        @Override
        public Probe of(HealthCheck check, Target target) {
          throw new UnsupportedOperationException("nothing is there to be looked at");
        }

        @Override
        public Probe of(CheckInfo check, Target target) {
          throw new UnsupportedOperationException("nothing is there to be looked at");
        }
      };

  private static final String RESOURCES = "cpus:4;mem:4096;disk:1000;ports:[31000-31009]";

  /** Small, so that the journal is compacted many times in a run. */
  private static final long JOURNAL_BYTES_MAX = 20_000;

  private AgentSetup() {}

  static AgentSettings settings(int number) {
    Path workDir = Path.of("/agent" + number);
    return new AgentSettings(
        List.of(),
        "10.0.0." + number,
        5051,
        "h" + number,
        workDir,
        ResourceText.parse(RESOURCES),
        List.of(),
        Optional.empty(),
        false,
        Optional.empty(),
        1,
        1,
        JOURNAL_BYTES_MAX,
        new ExecutorSettings(
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(15),
            1 << 20,
            1 << 20,
            true,
            Optional.empty(),
            100),
        new FetchSettings(
            workDir,
            0,
            0,
            Duration.ofSeconds(1),
            Optional.empty(),
            1,
            0,
            Optional.empty(),
            Set.of()),
        DockerSettings.NONE,
        new IsolationSettings(
            Set.of("posix/cpu", "posix/mem"),
            false,
            Duration.ofSeconds(1),
            workDir,
            "quorate",
            false,
            false),
        new GarbageCollectionSettings(Duration.ofDays(7), 0.1, Duration.ofMinutes(1)),
        FilesSettings.DEFAULT);
  }
}
