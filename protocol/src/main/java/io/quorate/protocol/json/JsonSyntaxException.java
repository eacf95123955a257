package io.quorate.protocol.json;

/** Text that is not JSON. */
public final class JsonSyntaxException extends Exception {
  private static final long serialVersionUID = 1;

  JsonSyntaxException(String message) {
    super(message);
  }
}
