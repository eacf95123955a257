package io.quorate.agent.fetch;

import java.io.IOException;

/** A URI cannot be had; the message is for the framework. */
public final class FetchException extends IOException {
  private static final long serialVersionUID = 1L;

  FetchException(String message) {
    super(message);
  }

  FetchException(String message, Throwable cause) {
    super(message, cause);
  }
}
