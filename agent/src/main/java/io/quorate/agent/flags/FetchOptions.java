package io.quorate.agent.flags;

import io.quorate.protocol.text.DurationConverter;
import io.quorate.protocol.text.SizeConverter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  @Option(
      names = {"--max_fetch_redirects", "--max-fetch-redirects"},
      description = "Redirects of one URL that are followed (default: ${DEFAULT-VALUE}).")
  private int redirectsMax = 30;

  @Option(
      names = {"--hadoop_client", "--hadoop-client"},
      description =
          "Program that fetches the schemes below, called as 'hadoop fs -copyToLocal URI PATH' with"
              + " the rights of the task's user (default: none, or that of --hadoop_home).")
  private String hadoopClient;

  @Option(
      names = {"--hadoop_home", "--hadoop-home"},
      description = "Where Hadoop is: bin/hadoop below it is the client.")
  private Path hadoopHome;

  @Option(
      names = {"--hadoop_client_supported_schemes", "--hadoop-client-supported-schemes"},
      split = ",",
      description =
          "Schemes that the client is called for (default: hdfs,hftp,s3,s3n,s3a,gs,wasb,abfs).")
  private List<String> hadoopSchemes =
      List.of("hdfs", "hftp", "s3", "s3n", "s3a", "gs", "wasb", "abfs");

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
        fetchesMax,
        redirectsMax,
        Optional.ofNullable(hadoopClient)
            .or(
                () ->
                    Optional.ofNullable(hadoopHome)
                        .map(home -> home.resolve("bin").resolve("hadoop").toString())),
        Set.copyOf(hadoopSchemes));
  }
}
