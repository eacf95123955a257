package io.quorate.master.http.server;

import io.vertx.core.http.HttpServerRequest;

/** The names of endpoints: with and without {@code /master}, and with a slash at the end or not. */
public final class Paths {
  /** What paths may begin with. */
  public static final String PROCESS = "/master";

  private Paths() {}

  /** Below the process, without a slash at the end: {@code /state} for {@code /master/state/}. */
  public static String local(HttpServerRequest request) {
    String path = request.path();
    if (path.equals(PROCESS) || path.startsWith(PROCESS + "/")) {
      path = path.substring(PROCESS.length());
    }
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return path.isEmpty() ? "/" : path;
  }

  /** As a redirect names it. */
  public static String canonical(HttpServerRequest request) {
    String path = request.path();
    return path.startsWith(PROCESS + "/") ? path : PROCESS + path;
  }
}
