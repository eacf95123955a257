package io.quorate.driver.mesos.http;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * Whom TLS trusts and who we are to it: Mesos's {@code SSL_CA_FILE}, {@code SSL_CERT_FILE} and
 * {@code SSL_KEY_FILE} if they are in the environment, and the JDK's {@code javax.net.ssl.*}
 * properties for what they leave open. Certificates are always verified.
 */
public final class TlsSettings {
  private TlsSettings() {}

  /** Whether the server's name must be in its certificate: {@code SSL_VERIFY_SERVER_HOSTNAME}. */
  static boolean verifiesHostName() {
    return !"false".equals(System.getenv("SSL_VERIFY_SERVER_HOSTNAME"));
  }

  /**
   * Makes the context.
   *
   * @throws IOException with the variable and its file if that cannot be used
   */
  public static SSLContext context(Map<String, String> environment) throws IOException {
    try {
      TrustManager[] trusted = trusted(environment.get("SSL_CA_FILE"));
      KeyManager[] own = own(environment.get("SSL_CERT_FILE"), environment.get("SSL_KEY_FILE"));
      if (trusted == null && own == null) {
        return SSLContext.getDefault();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(own, trusted, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }

  /** Null, as the JDK wants it, if the JDK's own authorities are to be trusted. */
  private static TrustManager[] trusted(String file) throws IOException, GeneralSecurityException {
    if (file == null || file.isEmpty()) {
      return null;
    }
    KeyStore store = empty();
    int number = 0;
    for (Certificate authority : certificates("SSL_CA_FILE", file)) {
      store.setCertificateEntry("authority-" + number++, authority);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyManager[] own(String certificate, String key)
      throws IOException, GeneralSecurityException {
    if (certificate == null || certificate.isEmpty() || key == null || key.isEmpty()) {
      return null;
    }
    KeyStore store = empty();
    Certificate[] chain = certificates("SSL_CERT_FILE", certificate).toArray(new Certificate[0]);
    store.setKeyEntry("own", privateKey(key), new char[0], chain);
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    return factory.getKeyManagers();
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(String variable, String file)
      throws IOException {
    try (InputStream in = Files.newInputStream(Paths.get(file))) {
      return CertificateFactory.getInstance("X.509").generateCertificates(in);
    } catch (GeneralSecurityException | IOException e) {
      throw new IOException(variable + ": " + file + " holds no certificates in PEM", e);
    }
  }

  /** The file's content is never part of a message. */
  private static PrivateKey privateKey(String file) throws IOException {
    String text = new String(Files.readAllBytes(Paths.get(file)), StandardCharsets.US_ASCII);
    String begin = "-----BEGIN PRIVATE KEY-----";
    int from = text.indexOf(begin);
    int to = text.indexOf("-----END PRIVATE KEY-----");
    if (from >= 0 && to > from) {
      try (InputStream in =
          new ByteArrayInputStream(
              text.substring(from + begin.length(), to).getBytes(StandardCharsets.US_ASCII))) {
        byte[] encoded = new byte[text.length()];
        InputStream decoded = Base64.getMimeDecoder().wrap(in);
        int length = 0;
        for (int count = decoded.read(encoded);
            count > 0;
            count = decoded.read(encoded, length, encoded.length - length)) {
          length += count;
        }
        byte[] exact = java.util.Arrays.copyOf(encoded, length);
        for (String algorithm : new String[] {"RSA", "EC"}) {
          try {
            return KeyFactory.getInstance(algorithm)
                .generatePrivate(new PKCS8EncodedKeySpec(exact));
          } catch (InvalidKeySpecException e) {
            // The next algorithm.
          }
        }
      } catch (GeneralSecurityException e) {
        throw new IOException("SSL_KEY_FILE: " + file + " cannot be read", e);
      }
    }
    throw new IOException(
        "SSL_KEY_FILE: "
            + file
            + " must hold an RSA or EC key in PKCS #8 (BEGIN PRIVATE KEY); openssl pkcs8 -topk8"
            + " -nocrypt makes one");
  }
}
