package io.quorate.agent.executor;

import io.quorate.agent.state.ExecutorId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an executor proves itself with: a JSON web token (HS256) whose claims name framework,
 * executor and container (Mesos 4.6, 8.1). Tokens are made anew from a key whenever they are
 * needed, so that none is kept. Any thread.
 */
public final class ExecutorTokens {
  private static final int KEY_BYTES = 32;
  private static final String ALGORITHM = "HmacSHA256";
  private static final String HEAD = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");

  private final byte[] key;

  private ExecutorTokens(byte[] key) {
    this.key = key;
  }

  /** Made with this key. */
  public static ExecutorTokens of(byte[] key) {
    return new ExecutorTokens(key.clone());
  }

  /**
   * Reads the agent's key, or makes one.
   *
   * @throws IOException if it cannot be had
   */
  public static ExecutorTokens open(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] key = new byte[KEY_BYTES];
      new SecureRandom().nextBytes(key);
      Path next = file.resolveSibling(file.getFileName() + ".next");
      Files.deleteIfExists(next);
      Files.createFile(
          next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.write(next, key);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }
    byte[] key = Files.readAllBytes(file);
    if (key.length != KEY_BYTES) {
      throw new IOException(file + " is no key of " + KEY_BYTES + " bytes");
    }
    return new ExecutorTokens(key);
  }

  /** For one run of an executor. */
  public String token(ExecutorId executor, String container) {
    String claims = HEAD + "." + claims(executor, container);
    return claims + "." + signature(claims);
  }

  /** Whether this agent made it. */
  public boolean genuine(String token) {
    int dot = token.lastIndexOf('.');
    return dot > 0
        && MessageDigest.isEqual(
            token.substring(dot + 1).getBytes(StandardCharsets.UTF_8),
            signature(token.substring(0, dot)).getBytes(StandardCharsets.UTF_8));
  }

  /** Whether a genuine one was made for this run. */
  public boolean isOf(String token, ExecutorId executor, String container) {
    return token.startsWith(HEAD + "." + claims(executor, container) + ".");
  }

  /** Of what JSON writes in another way, ids may have the quotation mark only (Mesos 2.1). */
  private static String claims(ExecutorId executor, String container) {
    return encode(
        "{\"fid\":\""
            + executor.framework()
            + "\",\"eid\":\""
            + executor.executor().replace("\"", "\\\"")
            + "\",\"cid\":\""
            + container
            + "\"}");
  }

  private String signature(String text) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(new SecretKeySpec(key, ALGORITHM));
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
  }

  private static String encode(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
