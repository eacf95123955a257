package io.quorate.protocol.json;

/** JSON that does not fit the message; names the field and the rule. */
public final class JsonMappingException extends Exception {
  private static final long serialVersionUID = 1;

  JsonMappingException(String message) {
    super(message);
  }
}
