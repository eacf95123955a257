package io.quorate.protocol.auth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;

/**
 * What a client logs in with by HTTP Basic (CP-452). Its text never shows the secret.
 *
 * @param principal who it is; not empty, without a colon
 * @param secret not empty
 */
public record BasicCredential(String principal, String secret) {
  private static final int BYTES_MAX = 4096;

  public BasicCredential {
    if (principal.isEmpty() || principal.indexOf(':') >= 0) {
      throw new IllegalArgumentException("'principal' must not be empty, nor hold a colon");
    }
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("'secret' must not be empty");
    }
  }

  /**
   * With the secret of a file, which only its owner may read; white space at its end does not
   * count.
   *
   * @throws IOException if it cannot be read, is open to others, empty or too large
   */
  public static BasicCredential read(String principal, Path secretFile) throws IOException {
    byte[] bytes = PrivateFile.read(secretFile, BYTES_MAX);
    String secret = new String(bytes, StandardCharsets.UTF_8).stripTrailing();
    if (secret.isEmpty()) {
      throw new IOException("the secret file " + secretFile + " is empty");
    }
    return new BasicCredential(principal, secret);
  }

  /** Returns the value of the Authorization header. */
  public String authorization() {
    byte[] text = (principal + ":" + secret).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(text);
  }

  @Override
  public String toString() {
    return "BasicCredential(" + principal + ", hidden)";
  }
}
