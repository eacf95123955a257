package io.quorate.agent.flags;

import io.quorate.protocol.text.DurationConverter;
import io.quorate.protocol.text.SizeConverter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The flags about the fetcher of URIs (Mesos 4.7, 9). */
public final class FetchOptions {
  @Option(
      names = {"--fetcher_cache_dir", "--fetcher-cache-dir"},
      description =
          "Directory of what the fetcher keeps, emptied at start: for this agent alone (default:"
              + " <work_dir>/fetch).")
  private Path cacheDir;

  @Option(
      names = {"--fetcher_cache_size", "--fetcher-cache-size"},
      converter = SizeConverter.class,
      description = "How much the fetcher keeps (default: 2GB).")
  private Long cacheBytesMax = 2L << 30;

  @Option(
      names = {"--fetcher_stall_timeout", "--fetcher-stall-timeout"},
      converter = DurationConverter.class,
      description = "After so long without a byte a download is given up (default: 1mins).")
  private Duration stallTimeout = Duration.ofMinutes(1);

  @Option(
      names = {"--max_fetch_size", "--max-fetch-size"},
      converter = SizeConverter.class,
      description = "The largest download (default: 64GB).")
  private Long bytesMax = 64L << 30;

  @Option(
      names = {"--max_fetches", "--max-fetches"},
      description =
          "Tasks and executors that are fetched for at the same time; more wait (default:"
              + " ${DEFAULT-VALUE}).")
  private int fetchesMax = 8;

  @Option(
      names = {"--frameworks_home", "--frameworks-home"},
      description = "What relative paths of URIs are relative to (default: they are refused).")
  private Path frameworksHome;

  /**
   * Returns the settings that the flags say.
   *
   * @param workDir the agent's {@code --work_dir}, where the cache is unless a flag says otherwise
   */
  public FetchSettings settings(Path workDir) {
    return new FetchSettings(
        cacheDir == null ? workDir.resolve("fetch") : cacheDir,
        cacheBytesMax,
        bytesMax,
        stallTimeout,
        Optional.ofNullable(frameworksHome),
        fetchesMax);
  }
}
