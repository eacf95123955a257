package io.quorate.protocol.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What a browser may do here in the name of a page of another site. A page can send requests to any
 * address that its reader reaches, with the reader's passwords, and can call a name of its own an
 * address of this machine (DNS rebinding). Programs that are no browsers say nothing of pages, and
 * are not concerned. Pure, but for the origins of the masters, which it is told.
 *
 * <p>A page is <em>ours</em> if its origin is the address that the request was sent to, one of
 * those that the operator allowed, or a master's.
 */
public final class SitePolicy {
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern FORM =
      Pattern.compile(
          "(application/x-www-form-urlencoded|multipart/form-data|text/plain)\\s*([;,].*)?",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final String URL_ENCODED = "application/x-www-form-urlencoded";

  private final Set<String> allowedOrigins;
  private final Optional<Set<String>> hosts;
  private final Predicate<String> masters;

  /** Why a request is refused. */
  public record Refusal(int status, String text) {}

  private enum Page {
    OURS,
    FOREIGN,
    /** A browser that does not say for which page. */
    HIDDEN,
    /** No browser sent it. */
    NONE
  }

  /**
   * Makes a policy.
   *
   * @param allowedOrigins as in {@code https://a.example:5050}
   * @param hosts the names by which this port may be called besides addresses and names without a
   *     dot; empty if any will do
   * @param masters whether {@code host:port} is a master of this cluster
   * @throws IllegalArgumentException if an origin is not of that form
   */
  public SitePolicy(
      List<String> allowedOrigins, Optional<Set<String>> hosts, Predicate<String> masters) {
    this.allowedOrigins = new TreeSet<>();
    for (String origin : allowedOrigins) {
      this.allowedOrigins.add(
          authority(origin)
              .map(authority -> scheme(origin) + "://" + authority)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "'" + origin + "' is no origin; one is such as https://a.example:5050")));
    }
    this.hosts = hosts.map(SitePolicy::lowerCase);
    this.masters = masters;
  }

  private static Set<String> lowerCase(Set<String> names) {
    Set<String> lower = new TreeSet<>();
    names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
    return lower;
  }

  /**
   * Whether the port goes by this name. Names without a dot are nobody's in the DNS, and addresses
   * cannot be taken by another name: only what a stranger could have registered is refused.
   *
   * @param host the Host header; null if there was none, which no browser leaves out
   */
  public Optional<Refusal> host(String host) {
    if (hosts.isEmpty() || host == null) {
      return Optional.empty();
    }
    String name = hostName(host);
    boolean known =
        name.indexOf('.') < 0
            || name.startsWith("[")
            || IPV4.matcher(name).matches()
            || name.endsWith(".localhost")
            || hosts.get().contains(name);
    return known
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                403,
                "This port does not go by the name in 'Host'. If it should, give the name by"
                    + " --hostname or --http_allowed_hosts"));
  }

  private static String hostName(String host) {
    String name = host.strip().toLowerCase(Locale.ROOT);
    if (name.startsWith("[")) {
      return name;
    }
    int colon = name.indexOf(':');
    name = colon < 0 ? name : name.substring(0, colon);
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }

  /**
   * Whether this request may be answered.
   *
   * @param kind of the endpoint
   * @param method of the request
   * @param jsonp whether the answer would be a script
   * @param header gives the value of a header, or null
   */
  public Optional<Refusal> judge(
      Endpoint.Kind kind, String method, boolean jsonp, Function<String, String> header) {
    Page page = page(header);
    boolean looks = method.equals("GET") || method.equals("HEAD");
    if (kind == Endpoint.Kind.VIEW || looks) {
      return judgeLook(page, jsonp, header);
    }
    if (page == Page.FOREIGN) {
      return Optional.of(foreign());
    }
    String type = header.apply("Content-Type");
    boolean form = type != null && FORM.matcher(type.strip()).matches();
    if (page == Page.HIDDEN && (form || type == null)) {
      return Optional.of(foreign());
    }
    return form ? judgeForm(kind, type) : Optional.empty();
  }

  /** Judges a request that looks at a view, by whatever method, since it changes nothing. */
  private static Optional<Refusal> judgeLook(
      Page page, boolean jsonp, Function<String, String> header) {
    if (jsonp) {
      return page == Page.FOREIGN || page == Page.HIDDEN
          ? Optional.of(foreign())
          : Optional.empty();
    }
    boolean credentials = header.apply("Authorization") != null || header.apply("Cookie") != null;
    return page == Page.FOREIGN && credentials && !isNavigation(header)
        ? Optional.of(foreign())
        : Optional.empty();
  }

  /** v1 calls say themselves what types they take; orders of old are forms, or called so. */
  private static Optional<Refusal> judgeForm(Endpoint.Kind kind, String type) {
    boolean taken =
        kind == Endpoint.Kind.CALL
            || (kind == Endpoint.Kind.FORM_ORDER
                && type.strip().toLowerCase(Locale.ROOT).startsWith(URL_ENCODED));
    return taken
        ? Optional.empty()
        : Optional.of(
            new Refusal(415, "Expecting 'Content-Type' of application/json: any page sends forms"));
  }

  private static Refusal foreign() {
    return new Refusal(
        403,
        "A page of another site may not do this. If it should, give its origin by"
            + " --http_cors_allowed_origins");
  }

  /** Somebody follows a link: what is answered is shown to the reader, not to the page. */
  private static boolean isNavigation(Function<String, String> header) {
    String mode = header.apply("Sec-Fetch-Mode");
    if (mode != null) {
      return mode.equals("navigate");
    }
    String accept = header.apply("Accept");
    return accept != null && accept.startsWith("text/html") && header.apply("Origin") == null;
  }

  private Page page(Function<String, String> header) {
    String host = header.apply("Host");
    String origin = header.apply("Origin");
    String referer = header.apply("Referer");
    if (origin != null) {
      return isOurs(origin, host) ? Page.OURS : Page.FOREIGN;
    }
    String site = header.apply("Sec-Fetch-Site");
    if (site != null) {
      boolean ours =
          site.equals("same-origin")
              || site.equals("none")
              || (referer != null && isOurs(referer, host));
      return ours ? Page.OURS : Page.FOREIGN;
    }
    if (referer != null) {
      return isOurs(referer, host) ? Page.OURS : Page.FOREIGN;
    }
    String agent = header.apply("User-Agent");
    return agent != null && agent.startsWith("Mozilla/") ? Page.HIDDEN : Page.NONE;
  }

  private boolean isOurs(String url, String host) {
    Optional<String> authority = authority(url);
    if (authority.isEmpty()) {
      return false;
    }
    String own = host == null ? "" : host.strip().toLowerCase(Locale.ROOT);
    return authority.get().equals(own)
        || authority.get().equals(own + defaultPort(url))
        || isAllowed(url);
  }

  private static String defaultPort(String url) {
    return scheme(url).equals("https") ? ":443" : ":80";
  }

  /** Whether pages of this origin may read across sites: it was allowed, or is a master's. */
  public boolean isAllowed(String url) {
    return authority(url)
        .map(
            authority ->
                allowedOrigins.contains(scheme(url) + "://" + authority) || masters.test(authority))
        .orElse(false);
  }

  private static String scheme(String url) {
    return url.substring(0, Math.max(0, url.indexOf(':'))).toLowerCase(Locale.ROOT);
  }

  /** {@code host:port} of a URL, the port always there; empty if it is none of HTTP. */
  private static Optional<String> authority(String url) {
    try {
      URI uri = new URI(url.strip());
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
        return Optional.empty();
      }
      String host = uri.getHost().toLowerCase(Locale.ROOT);
      int port = uri.getPort() >= 0 ? uri.getPort() : scheme.equals("https") ? 443 : 80;
      return Optional.of(host + ":" + port);
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }
}
