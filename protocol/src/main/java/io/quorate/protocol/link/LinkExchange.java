package io.quorate.protocol.link;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
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

/**
 * One end's half of a link's keys: a fresh pair of X25519 (RFC 7748), whose public half is this
 * end's nonce. Members of the quorum do the same with their own code, since the log imports nothing
 * of ours.
 */
final class LinkExchange {
  static final int NONCE_BYTES = 32;
  private static final String CURVE = "X25519";

  private final PrivateKey own;
  private final ByteString nonce;

  private LinkExchange(PrivateKey own, ByteString nonce) {
    this.own = own;
    this.nonce = nonce;
  }

  static LinkExchange fresh() {
    try {
      KeyPair pair = KeyPairGenerator.getInstance(CURVE).generateKeyPair();
      byte[] u = ((XECPublicKey) pair.getPublic()).getU().toByteArray();
      byte[] bytes = new byte[NONCE_BYTES];
      for (int i = 0; i < Math.min(u.length, NONCE_BYTES); i++) {
        bytes[i] = u[u.length - 1 - i];
      }
      return new LinkExchange(pair.getPrivate(), ByteString.copyFrom(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform from 11 on has X25519", e);
    }
  }

  ByteString nonce() {
    return nonce;
  }

  /**
   * What both ends share, and nobody else.
   *
   * @throws GeneralSecurityException if the other nonce is no point with which a secret is shared
   */
  byte[] shared(ByteString other) throws GeneralSecurityException {
    KeyAgreement agreement = KeyAgreement.getInstance(CURVE);
    agreement.init(own);
    agreement.doPhase(publicKey(other), true);
    return agreement.generateSecret();
  }

  private static PublicKey publicKey(ByteString nonce) throws GeneralSecurityException {
    byte[] reversed = new byte[NONCE_BYTES];
    for (int i = 0; i < NONCE_BYTES; i++) {
      reversed[i] = nonce.byteAt(NONCE_BYTES - 1 - i);
    }
    reversed[0] &= 0x7f;
    return KeyFactory.getInstance(CURVE)
        .generatePublic(
            new XECPublicKeySpec(new NamedParameterSpec(CURVE), new BigInteger(1, reversed)));
  }
}
