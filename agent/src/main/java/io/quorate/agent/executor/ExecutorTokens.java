package io.quorate.agent.executor;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.MACVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.quorate.agent.state.ExecutorId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Optional;

/**
 * What an executor proves itself with: a JSON web token (HS256) whose claims name framework,
 * executor and container (Mesos 4.6, 8.1). A token is good for its container alone, which is one
 * run on this agent, so it needs no expiry. Tokens are made anew from a key whenever they are
 * needed, so that none is kept. Any thread may use it.
 */
public final class ExecutorTokens {
  private static final int KEY_BYTES = 32;

  /** No token that is made here is longer; ids are bounded. */
  private static final int CHARACTERS_MAX = 8 << 10;

  private static final JWSHeader HEADER =
      new JWSHeader.Builder(JWSAlgorithm.HS256).type(JOSEObjectType.JWT).build();

  private final MACSigner signer;
  private final MACVerifier verifier;

  private ExecutorTokens(byte[] key) {
    try {
      this.signer = new MACSigner(key);
      this.verifier = new MACVerifier(key);
    } catch (JOSEException e) {
      throw new IllegalArgumentException("a key has " + KEY_BYTES + " bytes", e);
    }
  }

  /** Returns tokens that are made with this key. */
  public static ExecutorTokens of(byte[] key) {
    return new ExecutorTokens(key);
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

  /** Returns the token for one run of an executor. */
  public String token(ExecutorId executor, String container) {
    SignedJWT token =
        new SignedJWT(
            HEADER,
            new JWTClaimsSet.Builder()
                .claim("fid", executor.framework())
                .claim("eid", executor.executor())
                .claim("cid", container)
                .build());
    try {
      token.sign(signer);
    } catch (JOSEException e) {
      throw new IllegalStateException("every Java platform has HmacSHA256", e);
    }
    return token.serialize();
  }

  /** Returns the container that a token was made for; empty if this agent did not make it. */
  public Optional<String> container(String token) {
    if (token.isEmpty() || token.length() > CHARACTERS_MAX) {
      return Optional.empty();
    }
    try {
      SignedJWT signed = SignedJWT.parse(token);
      return signed.getHeader().getAlgorithm().equals(JWSAlgorithm.HS256) && signed.verify(verifier)
          ? Optional.ofNullable(signed.getJWTClaimsSet().getStringClaim("cid"))
          : Optional.empty();
    } catch (ParseException | JOSEException e) {
      return Optional.empty();
    }
  }
}
