package io.quorate.log.transport;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * One direction of a connection: AES-256-GCM under a key of its own, with a number that rises by
 * one with each piece. So a piece that was made up, changed, left out, sent again or moved is not
 * opened, and neither is any after it. One thread at a time.
 */
final class FrameCipher {
  /** By how much a sealed piece is longer. */
  static final int TAG_BYTES = 16;

  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int NONCE_BYTES = 12;

  private final SecretKeySpec key;
  private final Cipher cipher;
  private long number;

  FrameCipher(byte[] key) throws GeneralSecurityException {
    this.key = new SecretKeySpec(key, "AES");
    this.cipher = Cipher.getInstance(CIPHER);
  }

  /**
   * The two directions of a connection, as one side has them.
   *
   * @param out seals what this side sends
   * @param in opens what the other side sent
   */
  record Pair(FrameCipher out, FrameCipher in) {}

  byte[] seal(byte[] piece) {
    try {
      return next(Cipher.ENCRYPT_MODE).doFinal(piece);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * Opens the next piece.
   *
   * @throws GeneralSecurityException if the other side did not send just this one, here and now
   */
  byte[] open(byte[] sealed) throws GeneralSecurityException {
    return next(Cipher.DECRYPT_MODE).doFinal(sealed);
  }

  private Cipher next(int mode) throws GeneralSecurityException {
    byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(number++).array();
    cipher.init(mode, key, new GCMParameterSpec(8 * TAG_BYTES, nonce));
    return cipher;
  }
}
