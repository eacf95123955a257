package io.quorate.protocol.link;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A key pair of Ed25519 (RFC 8032), made of its seed. It is never printed. Any thread may use it.
 */
public final class SigningKey {
  /** A seed has this many bytes. */
  public static final int SEED_BYTES = 32;

  private static final String ALGORITHM = "Ed25519";

  private final KeyPair pair;

  private SigningKey(KeyPair pair) {
    this.pair = pair;
  }

  /**
   * Returns the pair that is made of a seed.
   *
   * @throws IllegalArgumentException if it does not have {@link #SEED_BYTES}
   */
  public static SigningKey ofSeed(byte[] seed) {
    if (seed.length != SEED_BYTES) {
      throw new IllegalArgumentException("the seed of a key must have " + SEED_BYTES + " bytes");
    }
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(ALGORITHM);
      generator.initialize(255, new Fixed(seed));
      return new SigningKey(generator.generateKeyPair());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform from 15 on has Ed25519", e);
    }
  }

  /** The cluster's pair, which all masters have, since they all know the quorum's secret. */
  public static SigningKey ofCluster(byte[] quorumSecret) {
    return ofSeed(
        hmac(quorumSecret, "quorate: the key of the cluster".getBytes(StandardCharsets.UTF_8)));
  }

  /** A seed that nobody had before. */
  public static byte[] freshSeed() {
    byte[] seed = new byte[SEED_BYTES];
    new SecureRandom().nextBytes(seed);
    return seed;
  }

  /** The public half, as X.509 writes it. */
  public ByteString publicKey() {
    return ByteString.copyFrom(pair.getPublic().getEncoded());
  }

  /** Signs these bytes. */
  public ByteString sign(byte[] bytes) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(pair.getPrivate());
      signature.update(bytes);
      return ByteString.copyFrom(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform from 15 on has Ed25519", e);
    }
  }

  /** Whether the owner of this public key signed these bytes; false, too, of what is no key. */
  public static boolean verify(ByteString publicKey, byte[] bytes, ByteString signed) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(
          KeyFactory.getInstance(ALGORITHM)
              .generatePublic(new X509EncodedKeySpec(publicKey.toByteArray())));
      signature.update(bytes);
      return signature.verify(signed.toByteArray());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  static byte[] hmac(byte[] key, byte[]... parts) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      for (byte[] part : parts) {
        mac.update(part);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  @Override
  public String toString() {
    return "SigningKey(hidden)";
  }

  /** All that the generator of Ed25519 draws is the seed of the pair. */
  private static final class Fixed extends SecureRandom {
    private static final long serialVersionUID = 1;
    private final byte[] seed;

    Fixed(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      System.arraycopy(seed, 0, bytes, 0, bytes.length);
    }
  }
}
