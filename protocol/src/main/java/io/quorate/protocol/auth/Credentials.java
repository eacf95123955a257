package io.quorate.protocol.auth;

import io.quorate.protocol.json.JsonMappingException;
import io.quorate.protocol.json.JsonSyntaxException;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.v1.Credential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Principals and their secrets, of a file in Mesos's form, as HTTP Basic asks for them (CP-452).
 * The secrets themselves are not kept, only their digests; comparing takes the same time whatever
 * differs. It may be called on any thread.
 */
public final class Credentials {
  private static final int BYTES_MAX = 4 << 20;
  private static final String SCHEME = "basic ";

  private final Map<String, byte[]> digests;
  private final byte[] nobody = digest("");

  private Credentials(Map<String, byte[]> digests) {
    this.digests = digests;
  }

  /**
   * Reads {@code {"credentials": [{"principal": "p", "secret": "s"}]}}.
   *
   * @throws IOException if the file cannot be read, is open to others, or is not of that form;
   *     never says what it holds
   */
  public static Credentials read(Path file) throws IOException {
    io.quorate.protocol.v1.Credentials all;
    try {
      all =
          ProtoJson.merge(
                  PrivateFile.read(file, BYTES_MAX),
                  io.quorate.protocol.v1.Credentials.newBuilder())
              .build();
    } catch (JsonSyntaxException e) {
      // Its message would show a part of the file.
      throw new IOException("the credentials file " + file + " is not JSON");
    } catch (JsonMappingException e) {
      throw new IOException("the credentials file " + file + ": " + e.getMessage());
    }
    Map<String, byte[]> digests = new TreeMap<>();
    for (Credential credential : all.getCredentialsList()) {
      String where = "the credentials file " + file + ": ";
      if (credential.getPrincipal().isEmpty() || credential.getPrincipal().indexOf(':') >= 0) {
        throw new IOException(where + "a 'principal' is empty or holds a colon");
      }
      if (credential.getSecret().isEmpty()) {
        throw new IOException(where + "'secret' of '" + credential.getPrincipal() + "' is missing");
      }
      if (digests.put(credential.getPrincipal(), digest(credential.getSecret())) != null) {
        throw new IOException(where + "'" + credential.getPrincipal() + "' is there twice");
      }
    }
    if (digests.isEmpty()) {
      throw new IOException("the credentials file " + file + ": 'credentials' is empty");
    }
    return new Credentials(digests);
  }

  /** Returns who sent this Authorization header, or nothing if it was nobody of these. */
  public Optional<String> principal(String header) {
    if (header == null || !header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      return Optional.empty();
    }
    String text;
    try {
      byte[] bytes = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      text = new String(bytes, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    int colon = text.indexOf(':');
    if (colon < 0) {
      return Optional.empty();
    }
    String principal = text.substring(0, colon);
    byte[] expected = digests.getOrDefault(principal, nobody);
    boolean same = MessageDigest.isEqual(expected, digest(text.substring(colon + 1)));
    return same && digests.containsKey(principal) ? Optional.of(principal) : Optional.empty();
  }

  private static byte[] digest(String secret) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return "Credentials(of " + digests.size() + ", hidden)";
  }
}
