package io.quorate.log.transport;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * One side's half of a connection's keys: a fresh pair of X25519 (RFC 7748), whose public half is
 * the nonce of the handshake. So the proofs of the secret cover the exchange, and whoever learns
 * the secret later cannot read what was recorded before.
 */
final class SessionKeys {
  /** The length of a nonce, which is a public key of X25519. */
  static final int NONCE_BYTES = 32;

  private static final String CURVE = "X25519";
  private static final String MAC = "HmacSHA256";

  private final PrivateKey own;
  private final ByteString nonce;

  private SessionKeys(PrivateKey own, ByteString nonce) {
    this.own = own;
    this.nonce = nonce;
  }

  static SessionKeys fresh() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(CURVE).generateKeyPair();
      byte[] u = ((XECPublicKey) pair.getPublic()).getU().toByteArray();
      byte[] bytes = new byte[NONCE_BYTES];
      for (int i = 0; i < Math.min(u.length, NONCE_BYTES); i++) {
        bytes[i] = u[u.length - 1 - i];
      }
      return new SessionKeys(pair.getPrivate(), ByteString.copyFrom(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform from 11 on has X25519", e);
    }
  }

  /** What is told to the other side. */
  ByteString nonce() {
    return nonce;
  }

  /**
   * The ciphers of a connection, as the caller uses them.
   *
   * @param other the nonce of the server, proven by then
   * @throws GeneralSecurityException if it is one of the few points with which no secret is shared
   */
  FrameCipher.Pair ofClient(byte[] secret, String server, ByteString other)
      throws GeneralSecurityException {
    byte[] root = root(secret, server, nonce, other, other);
    return new FrameCipher.Pair(cipher(root, "client"), cipher(root, "server"));
  }

  /** The ciphers of the same connection, as the server uses them. */
  FrameCipher.Pair ofServer(byte[] secret, String server, ByteString other)
      throws GeneralSecurityException {
    byte[] root = root(secret, server, other, nonce, other);
    return new FrameCipher.Pair(cipher(root, "server"), cipher(root, "client"));
  }

  /** HKDF-Extract (RFC 5869) of the shared point and all that was said, salted with the secret. */
  private byte[] root(
      byte[] secret, String server, ByteString client, ByteString serverNonce, ByteString other)
      throws GeneralSecurityException {
    KeyAgreement agreement = KeyAgreement.getInstance(CURVE);
    agreement.init(own);
    agreement.doPhase(publicKey(other), true);
    Mac mac = mac(secret);
    mac.update(agreement.generateSecret());
    mac.update(client.toByteArray());
    mac.update(serverNonce.toByteArray());
    return mac.doFinal(server.getBytes(StandardCharsets.UTF_8));
  }

  /** HKDF-Expand of one block: what this side sends has a key of its own. */
  private static FrameCipher cipher(byte[] root, String sender) throws GeneralSecurityException {
    Mac mac = mac(root);
    mac.update(("quorate raft frames of the " + sender).getBytes(StandardCharsets.UTF_8));
    return new FrameCipher(mac.doFinal(new byte[] {1}));
  }

  private static Mac mac(byte[] key) throws GeneralSecurityException {
    Mac mac = Mac.getInstance(MAC);
    mac.init(new SecretKeySpec(key, MAC));
    return mac;
  }

  private static PublicKey publicKey(ByteString nonce) throws GeneralSecurityException {
    byte[] u = nonce.toByteArray();
    u[NONCE_BYTES - 1] &= 0x7f;
    for (int i = 0; i < NONCE_BYTES / 2; i++) {
      byte low = u[i];
      u[i] = u[NONCE_BYTES - 1 - i];
      u[NONCE_BYTES - 1 - i] = low;
    }
    return KeyFactory.getInstance(CURVE)
        .generatePublic(new XECPublicKeySpec(new NamedParameterSpec(CURVE), new BigInteger(1, u)));
  }
}
