package io.quorate.protocol.http;

import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * One path that a port serves, with all below it that have no endpoint of their own.
 *
 * @param path below the process, without a slash at its end
 * @param kind what a request to it can do
 * @param methods those that it takes, as Allow names them; HEAD goes with GET, OPTIONS with all
 * @param exact whether nothing below the path is meant
 * @param handler answers; but for a {@link Kind#VIEW} also other methods, since who asks and where
 *     the leader is come first
 */
public record Endpoint(
    String path,
    Kind kind,
    List<String> methods,
    boolean exact,
    Consumer<HttpServerRequest> handler) {

  /** What a request to an endpoint can do, and so what pages of other sites must not send. */
  public enum Kind {
    /** It only looks, by whatever method. */
    VIEW,
    /** A call of one of the v1 APIs: JSON or protobuf. */
    CALL,
    /** An order of Mesos before v1, which clients send as a form, or call a form. */
    FORM_ORDER,
    /** An order of ours: JSON, or no body. */
    ORDER
  }

  public Endpoint {
    methods = List.copyOf(methods);
  }

  /** A view, by GET and as Mesos has it also by POST. */
  public static Endpoint view(String path, Consumer<HttpServerRequest> handler) {
    return new Endpoint(path, Kind.VIEW, List.of("GET", "POST"), false, handler);
  }

  /** A call by POST. */
  public static Endpoint call(String path, Consumer<HttpServerRequest> handler) {
    return new Endpoint(path, Kind.CALL, List.of("POST"), false, handler);
  }

  /** Returns the value of the Allow header. */
  public String allow() {
    List<String> all = new ArrayList<>(methods);
    if (all.contains("GET")) {
      all.add(all.indexOf("GET") + 1, "HEAD");
    }
    return String.join(", ", all);
  }

  /** Whether a method is taken, OPTIONS aside. */
  public boolean takes(String method) {
    return methods.contains(method) || (method.equals("HEAD") && methods.contains("GET"));
  }
}
