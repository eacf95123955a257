package io.quorate.protocol.http;

import io.quorate.protocol.text.DurationConverter;
import io.quorate.protocol.text.SizeConverter;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** The flags of an HTTP port, the same for masters and agents. */
public final class HttpOptions {
  @Option(
      names = {"--http_max_connections", "--http-max-connections"},
      description = "Connections in all; one more is closed (default: ${DEFAULT-VALUE}).")
  private int connectionsMax = HttpBounds.DEFAULT.connectionsMax();

  @Option(
      names = {"--http_max_connections_per_address", "--http-max-connections-per-address"},
      description = "Connections of one address; one more is closed (default: ${DEFAULT-VALUE}).")
  private int connectionsPerAddressMax = HttpBounds.DEFAULT.connectionsPerAddressMax();

  @Option(
      names = {"--http_max_idle_connections", "--http-max-idle-connections"},
      description =
          "Connections without a whole request; one more closes the oldest of them (default:"
              + " ${DEFAULT-VALUE}).")
  private int idleMax = HttpBounds.DEFAULT.unservedMax();

  @Option(
      names = {
        "--http_max_idle_connections_per_address",
        "--http-max-idle-connections-per-address"
      },
      description = "The same of one address (default: ${DEFAULT-VALUE}).")
  private int idlePerAddressMax = HttpBounds.DEFAULT.unservedPerAddressMax();

  @Option(
      names = {"--http_head_timeout", "--http-head-timeout"},
      converter = DurationConverter.class,
      description = "How long the head of a connection's first request may take (default: 20secs).")
  private Duration headTimeout = HttpBounds.DEFAULT.headTimeout();

  @Option(
      names = {"--http_body_timeout", "--http-body-timeout"},
      converter = DurationConverter.class,
      description = "How long the body of a request may take; then 408 (default: 30secs).")
  private Duration bodyTimeout = HttpBounds.DEFAULT.bodyTimeout();

  @Option(
      names = {"--http_idle_timeout", "--http-idle-timeout"},
      converter = DurationConverter.class,
      description = "From an answer to the next request on a connection (default: 75secs).")
  private Duration idleTimeout = HttpBounds.DEFAULT.idleTimeout();

  @Option(
      names = {"--http_max_buffered_bytes", "--http-max-buffered-bytes"},
      converter = SizeConverter.class,
      description =
          "Size of all bodies that wait to be answered; above it 503 (default: an eighth of the"
              + " heap, at least 16MB).")
  private long bufferedBytesMax = HttpBounds.DEFAULT.bufferedBytesMax();

  @Option(
      names = {"--http_max_strangers_bytes", "--http-max-strangers-bytes"},
      converter = SizeConverter.class,
      description =
          "The part of it for callers who have not logged in (default: a quarter of it, at least"
              + " 8MB).")
  private long strangersBytesMax = HttpBounds.DEFAULT.strangersBytesMax();

  @Option(
      names = {"--http_cors_allowed_origins", "--http-cors-allowed-origins"},
      split = ",",
      description =
          "Origins, https://a:5050,..., whose pages may read and order here as their reader may"
              + " (default: the masters' own).")
  private List<String> allowedOrigins = List.of();

  @Option(
      names = {"--http_allowed_hosts", "--http-allowed-hosts"},
      split = ",",
      description =
          "More names that this port goes by when it is bound to loopback; requests for names that"
              + " it does not go by get 403 (default: the machine's and --hostname).")
  private List<String> allowedHosts = List.of();

  @Option(
      names = "--insecure",
      description =
          "Start on an address that other machines reach although nobody has to log in (default:"
              + " refuse to).")
  private boolean insecure;

  /**
   * What the flags say of a port.
   *
   * @param ip the address that is bound
   * @param hostname what clients are told
   * @throws IllegalArgumentException if one is out of its bounds, or an origin is none
   */
  public EdgeSettings settings(String ip, String hostname) {
    HttpBounds bounds =
        new HttpBounds(
            connectionsMax,
            connectionsPerAddressMax,
            idleMax,
            idlePerAddressMax,
            headTimeout,
            bodyTimeout,
            idleTimeout,
            HttpBounds.BODY_BYTES_MAX,
            bufferedBytesMax,
            strangersBytesMax);
    EdgeSettings settings =
        new EdgeSettings(
            bounds, allowedOrigins, Exposure.names(ip, hostname, Set.copyOf(allowedHosts)));
    settings.sites(authority -> false); // a wrong origin ends the start
    return settings;
  }

  /** Whether to start although nobody has to log in. */
  public boolean insecure() {
    return insecure;
  }
}
