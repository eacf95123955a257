package io.quorate.master.http.server;

import io.quorate.protocol.http.Endpoints;
import io.vertx.core.http.HttpServerRequest;

/** The names of endpoints: with and without {@code /master}, and with a slash at the end or not. */
public final class Paths {
  /** What paths may begin with. */
  public static final String PROCESS = "/master";

  private Paths() {}

  /** Below the process, without a slash at the end: {@code /state} for {@code /master/state/}. */
  public static String local(HttpServerRequest request) {
    return Endpoints.local(PROCESS, request.path());
  }

  /** As a redirect names it. */
  public static String canonical(HttpServerRequest request) {
    return PROCESS + Endpoints.below(PROCESS, request.path());
  }
}
