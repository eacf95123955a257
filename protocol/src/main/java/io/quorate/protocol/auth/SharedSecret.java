package io.quorate.protocol.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A secret that signs requests: the header {@code Authorization: Quorate-HMAC-SHA256
 * <millis>:<nonce>:<mac>}, where the mac covers method, path, time, nonce and the body's hash. The
 * secret itself never crosses the wire and is never printed.
 */
public final class SharedSecret {
  /** A secret has at least this many bytes. */
  public static final int BYTES_MIN = 16;

  /** The file of a secret has at most this many bytes. */
  public static final int BYTES_MAX = 4096;

  /** How far the clocks of the two ends may be apart, and how old a request may be. */
  public static final Duration WINDOW = Duration.ofMinutes(5);

  private static final Pattern NONCE = Pattern.compile("[A-Za-z0-9._-]{1,128}");
  private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");
  private static final String SCHEME = "Quorate-HMAC-SHA256 ";

  private final byte[] key;

  private SharedSecret(byte[] key) {
    this.key = key;
  }

  /**
   * Reads a secret; white space at its end does not count.
   *
   * @throws IOException if the file cannot be read, is open to others, or holds too little or too
   *     much; names the file and the rule, never what it holds
   */
  public static SharedSecret read(Path file) throws IOException {
    byte[] secret = PrivateFile.read(file, BYTES_MAX);
    int length = secret.length;
    while (length > 0 && Character.isWhitespace(secret[length - 1])) {
      length--;
    }
    if (length == 0) {
      throw new IOException("the secret file " + file + " is empty");
    }
    if (length < BYTES_MIN) {
      throw new IOException(
          "the secret in " + file + " has " + length + " bytes; the least is " + BYTES_MIN);
    }
    return new SharedSecret(Arrays.copyOf(secret, length));
  }

  /** The bytes, for handshakes that are not HTTP. */
  public byte[] bytes() {
    return key.clone();
  }

  /**
   * Returns the value of the Authorization header.
   *
   * @param nonce 1 to 128 letters, digits, dots, dashes and underscores, another for each request
   * @throws IllegalArgumentException if the nonce is not of that form
   */
  public String authorization(String method, String path, byte[] body, Instant now, String nonce) {
    if (!NONCE.matcher(nonce).matches()) {
      throw new IllegalArgumentException("the nonce must match " + NONCE + ", but is " + nonce);
    }
    String millis = Long.toString(now.toEpochMilli());
    return SCHEME + millis + ":" + nonce + ":" + mac(method, path, body, millis, nonce);
  }

  /**
   * Whether the header was made with this secret for just this request, within {@link #WINDOW} of
   * now. The same request sent again within the window passes again: what must not happen twice
   * needs a number of its own in its body.
   */
  public boolean verify(String header, String method, String path, byte[] body, Instant now) {
    if (header == null || !header.startsWith(SCHEME)) {
      return false;
    }
    String[] parts = header.substring(SCHEME.length()).split(":", -1);
    if (parts.length != 3 || !MILLIS.matcher(parts[0]).matches()) {
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
