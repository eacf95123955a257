package io.quorate.agent.docker;

import io.quorate.agent.check.Probe;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * A connection of a check to a port of a container, from within its network.
 *
 * @param six whether it is to the loopback address of IPv6
 * @param path of the URL
 * @param timeout after which it is given up; zero for no time-out
 */
record ContainerConnection(boolean tls, boolean six, int port, String path, Duration timeout) {
  private static final String LOOPBACK = "127.0.0.1";

  /** Does it, and waits for what comes of it. */
  Probe.Result result(DockerEngine engine, String name, boolean http) {
    try {
      Optional<InspectedContainer> container = engine.inspect(name);
      if (container.isEmpty() || container.get().pid() == 0) {
        return Probe.Result.none("the container does not run");
      }
      if (container.get().inHostNetwork()) {
        return look(loopback(), http);
      }
      try {
        return NetworkNamespace.call(container.get().pid(), () -> look(loopback(), http));
      } catch (NetworkNamespace.NotEntered e) {
        // An agent without root's rights reaches it from outside only.
        Optional<String> address = container.get().address();
        if (address.isPresent()) {
          return look(address.get(), http);
        }
        throw e;
      }
    } catch (IOException e) {
      return Probe.Result.none(e.getMessage() == null ? e.toString() : e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Probe.Result.none("the agent stops");
    }
  }

  private String loopback() {
    return six ? "::1" : LOOPBACK;
  }

  private int millis() {
    return (int) Math.min(Integer.MAX_VALUE, timeout.toMillis());
  }

  private Probe.Result look(String host, boolean http) {
    try {
      return http ? get(host) : connect(host);
    } catch (SocketTimeoutException e) {
      return Probe.Result.none("nothing came within " + millis() + " ms");
    } catch (IOException | GeneralSecurityException e) {
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      return http ? Probe.Result.none(why) : Probe.Result.of(0, why);
    }
  }

  private Probe.Result connect(String host) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(host, port), millis());
      return Probe.Result.of(1, "connected");
    }
  }

  private Probe.Result get(String host) throws IOException, GeneralSecurityException {
    String shown = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String at = path.isEmpty() ? "/" : path;
    URI uri =
        URI.create((tls ? "https://" : "http://") + shown + ":" + port + at.replace(" ", "%20"));
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    if (connection instanceof HttpsURLConnection secure) {
      secure.setSSLSocketFactory(trusting().getSocketFactory());
      secure.setHostnameVerifier((name, session) -> true);
    }
    connection.setConnectTimeout(millis());
    connection.setReadTimeout(millis());
    connection.setUseCaches(false);
    // None is kept for a later check, which may be of another container's network.
    connection.setRequestProperty("Connection", "close");
    try {
      int status = connection.getResponseCode();
      return Probe.Result.of(status, "the answer was " + status);
    } finally {
      connection.disconnect();
    }
  }

  /** A task need not have a certificate for a loopback address (Mesos 4.13). */
  private static SSLContext trusting() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new Trusting()}, null);
    return context;
  }

  /** Trusts everybody. */
  private static final class Trusting implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
