package io.quorate.agent.flags;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * The settings of the fetcher (Mesos 4.7).
 *
 * @param cacheDir what it keeps; emptied when the agent starts
 * @param cacheBytesMax how much it keeps
 * @param bytesMax the largest thing that is fetched
 * @param stallTimeout after so long without a byte a transfer is given up
 * @param frameworksHome what relative paths are relative to; without it they are refused
 * @param fetchesMax commands that are fetched for at the same time
 * @param redirectsMax redirects of one URL that are followed
 * @param hadoopClient the program that fetches other schemes, called as {@code hadoop}
 * @param hadoopSchemes what it is called for
 */
public record FetchSettings(
    Path cacheDir,
    long cacheBytesMax,
    long bytesMax,
    Duration stallTimeout,
    Optional<Path> frameworksHome,
    int fetchesMax,
    int redirectsMax,
    Optional<String> hadoopClient,
    Set<String> hadoopSchemes) {}
