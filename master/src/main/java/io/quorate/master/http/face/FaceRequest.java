package io.quorate.master.http.face;

import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What a face core sees of a request besides the call in its body.
 *
 * @param target path and query as a redirect to the leader names them
 * @param headers gives the value of a header by its name; null where the request has none
 * @param address of the client, without a port
 */
public record FaceRequest(String target, UnaryOperator<String> headers, String address) {

  /** Returns a header's value. */
  public Optional<String> header(String name) {
    return Optional.ofNullable(headers.apply(name));
  }
}
