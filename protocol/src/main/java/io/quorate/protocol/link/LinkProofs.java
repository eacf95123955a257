package io.quorate.protocol.link;

import com.google.protobuf.ByteString;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.MasterProof;
import io.quorate.protocol.auth.SharedSecret;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/** What is signed in the handshake of a link, and how a proof of the secret is looked at. */
final class LinkProofs {
  private LinkProofs() {}

  /** All that the two ends said; each part is behind its length, so that none can be shifted. */
  static byte[] said(ByteString agentNonce, MasterProof proof, String who, ByteString more) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      for (ByteString part :
          new ByteString[] {
            ByteString.copyFromUtf8("quorate agent link, " + who),
            agentNonce,
            proof.getNonce(),
            proof.getLinkIdBytes(),
            proof.getLeaderBytes(),
            proof.getClusterKey(),
            more
          }) {
        out.writeInt(part.size());
        part.writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  static ByteString mac(SharedSecret secret, byte[] said) {
    return ByteString.copyFrom(SigningKey.hmac(secret.bytes(), said));
  }

  /** True where there is no secret to be known. */
  static boolean knows(Optional<SharedSecret> secret, byte[] said, ByteString mac) {
    return secret.isEmpty()
        || MessageDigest.isEqual(mac(secret.get(), said).toByteArray(), mac.toByteArray());
  }

  static byte[] helloSaid(ByteString nonce) {
    return ByteString.copyFromUtf8("quorate agent link, hello").concat(nonce).toByteArray();
  }

  static boolean isNonce(ByteString nonce) {
    return nonce.size() == LinkExchange.NONCE_BYTES;
  }

  static byte[] salt(Optional<SharedSecret> secret) {
    return secret
        .map(SharedSecret::bytes)
        .orElse("quorate without a secret".getBytes(StandardCharsets.UTF_8));
  }

  static ByteString nonce(AgentCall hello) {
    return hello.getHello().getNonce();
  }
}
