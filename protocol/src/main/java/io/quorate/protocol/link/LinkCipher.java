package io.quorate.protocol.link;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A cipher seals one direction of a link by AES-256-GCM under a key of its own. A number is sealed
 * once. Any thread may use it.
 */
public final class LinkCipher {
  private static final String CIPHER = "AES/GCM/NoPadding";
  private static final int TAG_BITS = 128;
  private static final int NONCE_BYTES = 12;

  private final SecretKeySpec key;

  LinkCipher(byte[] key) {
    this.key = new SecretKeySpec(key, "AES");
  }

  /** Seals what is said under this number. */
  public byte[] seal(long number, byte[] said) {
    try {
      return cipher(Cipher.ENCRYPT_MODE, number).doFinal(said);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has AES-GCM", e);
    }
  }

  /**
   * Opens what was said under this number.
   *
   * @throws GeneralSecurityException if the other end did not say just this under this number
   */
  public byte[] open(long number, byte[] sealed) throws GeneralSecurityException {
    if (sealed.length < TAG_BITS / 8) {
      // The JDK does not expect it.
      throw new AEADBadTagException("shorter than a tag");
    }
    return cipher(Cipher.DECRYPT_MODE, number).doFinal(sealed);
  }

  private Cipher cipher(int mode, long number) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance(CIPHER);
    byte[] nonce = ByteBuffer.allocate(NONCE_BYTES).putInt(0).putLong(number).array();
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
    return cipher;
  }
}
