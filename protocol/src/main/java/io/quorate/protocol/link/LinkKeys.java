package io.quorate.protocol.link;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;

/**
 * The keys of one link, which both ends have once the handshake is over.
 *
 * @param id the link's id, 1 to 64 characters
 * @param toMaster seals the agent's calls; SUBSCRIBE has the number 0
 * @param toAgent seals the master's events, which count from 0
 * @param answers proves the master's answers to calls; never printed
 */
public record LinkKeys(String id, LinkCipher toMaster, LinkCipher toAgent, byte[] answers) {
  /** The header that names a link. */
  public static final String ID_HEADER = "Quorate-Link-Id";

  /** The header with the number of a call. */
  public static final String NUMBER_HEADER = "Quorate-Link-Number";

  /** This header of SUBSCRIBE has the agent's proof in base64. */
  public static final String PROOF_HEADER = "Quorate-Link-Proof";

  /** The header by which the answer to a call is known to be the master's. */
  public static final String MAC_HEADER = "Quorate-Link-Mac";

  static LinkKeys of(String id, byte[] salt, byte[] shared, byte[] said) {
    byte[] root = SigningKey.hmac(salt, shared, said);
    return new LinkKeys(
        id,
        new LinkCipher(expand(root, "to the master")),
        new LinkCipher(expand(root, "to the agent")),
        expand(root, "answers"));
  }

  private static byte[] expand(byte[] root, String use) {
    return SigningKey.hmac(root, use.getBytes(StandardCharsets.UTF_8), new byte[] {1});
  }

  /** What proves that the master answered the call of this number with this status. */
  public String answer(long number, int status) {
    byte[] text = (number + "\n" + status).getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(SigningKey.hmac(answers, text));
  }

  /** Whether the master answered so; the header may be null. */
  public boolean answered(long number, int status, String header) {
    return header != null
        && MessageDigest.isEqual(
            answer(number, status).getBytes(StandardCharsets.UTF_8),
            header.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return "LinkKeys(" + id + ", hidden)";
  }
}
