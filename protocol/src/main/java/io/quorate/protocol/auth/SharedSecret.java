package io.quorate.protocol.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that signs requests: the header {@code Authorization: Quorate-HMAC-SHA256
 * <millis>:<nonce>:<mac>}, where the mac covers method, path, time, nonce and the body's hash. The
 * secret itself never crosses the wire and is never printed.
 */
public final class SharedSecret {
  /** The least length of a secret. */
  public static final int BYTES_MIN = 16;

  private static final String SCHEME = "Quorate-HMAC-SHA256 ";
  private static final Duration WINDOW = Duration.ofMinutes(5);

  private final byte[] key;

  private SharedSecret(byte[] key) {
    this.key = key;
  }

  /**
   * Reads a secret; white space at its end does not count.
   *
   * @throws IOException if the file cannot be read, is open to others, or holds too little
   */
  public static SharedSecret read(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (permissions.contains(PosixFilePermission.OTHERS_READ)
        || permissions.contains(PosixFilePermission.GROUP_READ)) {
      throw new IOException(
          "the secret file " + file + " can be read by others: chmod 600 " + file);
    }
    byte[] secret =
        Files.readString(file, StandardCharsets.UTF_8)
            .stripTrailing()
            .getBytes(StandardCharsets.UTF_8);
    if (secret.length < BYTES_MIN) {
      throw new IOException(
          "the secret in " + file + " has " + secret.length + " bytes; the least is " + BYTES_MIN);
    }
    return new SharedSecret(secret);
  }

  /** The bytes, for handshakes that are not HTTP. */
  public byte[] bytes() {
    return key.clone();
  }

  /** The value of the Authorization header. */
  public String authorization(String method, String path, byte[] body, Instant now, String nonce) {
    String millis = Long.toString(now.toEpochMilli());
    return SCHEME + millis + ":" + nonce + ":" + mac(method, path, body, millis, nonce);
  }

  /** Whether the header was made with this secret for just this request, at about this time. */
  public boolean verify(String header, String method, String path, byte[] body, Instant now) {
    if (header == null || !header.startsWith(SCHEME)) {
      return false;
    }
    String[] parts = header.substring(SCHEME.length()).split(":", -1);
    if (parts.length != 3 || !parts[0].matches("[0-9]{1,15}")) {
      return false;
    }
    long skew = Math.abs(now.toEpochMilli() - Long.parseLong(parts[0]));
    byte[] expected =
        mac(method, path, body, parts[0], parts[1]).getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(expected, parts[2].getBytes(StandardCharsets.UTF_8))
        && skew <= WINDOW.toMillis();
  }

  private String mac(String method, String path, byte[] body, String millis, String nonce) {
    try {
      String hash = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      String text = String.join("\n", method, path, millis, nonce, hash);
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256 and HMAC", e);
    }
  }

  @Override
  public String toString() {
    return "SharedSecret(hidden)";
  }
}
