package io.quorate.log.transport;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Mutual proof of the cluster's secret over fresh nonces. The role is part of what is signed, so a
 * proof cannot be reflected; the server's address is, so it cannot be passed on to another member.
 */
final class Handshake {
  private Handshake() {}

  /** Of just the length that we make: another length would shift what is signed. */
  static boolean isNonce(ByteString nonce) {
    return nonce.size() == SessionKeys.NONCE_BYTES;
  }

  /** What marks the first frame of one who knows the secret; it proves no presence. */
  static ByteString mark(byte[] secret, String server, ByteString client) {
    return mac(secret, "hello", server, client, ByteString.EMPTY);
  }

  static ByteString mac(
      byte[] secret, String role, String server, ByteString client, ByteString serverNonce) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      mac.update((role + "\n" + server + "\n").getBytes(StandardCharsets.UTF_8));
      mac.update(client.toByteArray());
      mac.update(serverNonce.toByteArray());
      return ByteString.copyFrom(mac.doFinal());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has HMAC-SHA256", e);
    }
  }

  static boolean equal(ByteString one, ByteString other) {
    return MessageDigest.isEqual(one.toByteArray(), other.toByteArray());
  }
}
