package io.quorate.protocol.recordio;

/** Bytes that are no RecordIO, or a record over the limit. The stream cannot be read further. */
public final class RecordIoException extends RuntimeException {
  private static final long serialVersionUID = 1;

  RecordIoException(String message) {
    super(message);
  }
}
