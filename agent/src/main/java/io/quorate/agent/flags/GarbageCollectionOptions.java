package io.quorate.agent.flags;

import io.quorate.protocol.text.DurationConverter;
import java.time.Duration;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags about the garbage collection of sandboxes (Mesos 4.8, 9). */
public final class GarbageCollectionOptions {
  @Option(
      names = {"--gc_delay", "--gc-delay"},
      converter = DurationConverter.class,
      description =
          "How long a sandbox stays after its end, less by the part of the disk that is used or is"
              + " to stay free (default: 1weeks).")
  private Duration delay = Duration.ofDays(7);

  @Option(
      names = {"--gc_disk_headroom", "--gc-disk-headroom"},
      description = "The part of the disk that is to stay free (default: ${DEFAULT-VALUE}).")
  private double headroom = 0.1;

  @Option(
      names = {"--disk_watch_interval", "--disk-watch-interval"},
      converter = DurationConverter.class,
      description = "Between two looks at the disk (default: 1mins).")
  private Duration interval = Duration.ofMinutes(1);

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * Returns the settings that the flags say.
   *
   * @throws ParameterException if one is out of its bounds; the message names the flag and the rule
   */
  public GarbageCollectionSettings settings() {
    if (!(headroom >= 0 && headroom <= 1)) {
      throw new ParameterException(
          spec.commandLine(), "--gc_disk_headroom must be from 0 to 1, not " + headroom);
    }
    return new GarbageCollectionSettings(delay, headroom, interval);
  }
}
