package io.quorate.protocol;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Reads messages of strangers. */
public final class Messages {
  /**
   * Levels of nesting that are read from strangers, unknown groups included. A reader of protocol
   * buffers gives up at 100; a message that just passed at the face would be unreadable, for every
   * master and for ever, once the log's entry is wrapped around it. So less than half is let in.
   */
  public static final int DEPTH_MAX = 40;

  private Messages() {}

  /**
   * Parses what came over the network.
   *
   * @throws InvalidProtocolBufferException if it is no such message, lacks a required field, or is
   *     nested deeper than {@link #DEPTH_MAX}
   */
  public static <M extends Message> M parse(Parser<M> parser, byte[] bytes)
      throws InvalidProtocolBufferException {
    CodedInputStream input = CodedInputStream.newInstance(bytes);
    input.setRecursionLimit(DEPTH_MAX);
    try {
      M message = parser.parseFrom(input);
      input.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidProtocolBufferException(e);
    }
  }

  /** The SHA-256 of a message, the same for equal messages: maps are put in order. */
  public static ByteString sha256(Message message) {
    byte[] bytes = new byte[message.getSerializedSize()];
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    out.useDeterministicSerialization();
    try {
      message.writeTo(out);
      return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
