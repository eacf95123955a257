package io.quorate.protocol.http;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * How an HTTP port was set up.
 *
 * @param bounds what it bears
 * @param allowedOrigins the origins whose pages may read and order here
 * @param hosts the names that it goes by; empty if any will do
 */
public record EdgeSettings(
    HttpBounds bounds, List<String> allowedOrigins, Optional<Set<String>> hosts) {

  /** The usual bounds, no origins, any name. */
  public static final EdgeSettings DEFAULT =
      new EdgeSettings(HttpBounds.DEFAULT, List.of(), Optional.empty());

  public EdgeSettings {
    allowedOrigins = List.copyOf(allowedOrigins);
    hosts = hosts.map(Set::copyOf);
  }

  /**
   * Which pages may do what.
   *
   * @param masters whether {@code host:port} is a master of this cluster
   * @throws IllegalArgumentException if an origin is none
   */
  public SitePolicy sites(Predicate<String> masters) {
    return new SitePolicy(allowedOrigins, hosts, masters);
  }
}
