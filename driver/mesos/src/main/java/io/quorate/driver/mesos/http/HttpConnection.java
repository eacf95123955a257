package io.quorate.driver.mesos.http;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * A connection to one server. One thread makes its requests, one after the other, and reads each
 * response to its end before the next; {@link #close} from any thread ends what it waits for.
 */
public final class HttpConnection implements Closeable {
  private static final int CONNECT_MILLIS = 2_000;
  private static final int PATIENCE_MILLIS = 1_000;
  private static final int DEFAULT_PORT = 5050;
  private static final int HEADERS_MAX = 100;

  private final String address;
  private final Socket socket;
  private final SocketInput in;

  private HttpConnection(String address, Socket socket) throws IOException {
    this.address = address;
    this.socket = socket;
    this.in = new SocketInput(socket.getInputStream());
  }

  /**
   * Connects, within two seconds or not at all.
   *
   * @param address {@code host:port}, or a host alone for 5050; IPv6 in brackets
   * @param tls empty for plain HTTP
   */
  public static HttpConnection open(String address, Optional<SSLContext> tls) throws IOException {
    int colon = address.lastIndexOf(':');
    boolean hasPort = colon > address.lastIndexOf(']');
    String host = (hasPort ? address.substring(0, colon) : address).replaceAll("[\\[\\]]", "");
    int port = hasPort ? port(address.substring(colon + 1)) : DEFAULT_PORT;
    Socket socket = new Socket();
    try {
      socket.connect(new InetSocketAddress(host, port), CONNECT_MILLIS);
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(PATIENCE_MILLIS);
      if (tls.isPresent()) {
        socket.setSoTimeout(CONNECT_MILLIS);
        SSLSocket secured =
            (SSLSocket) tls.get().getSocketFactory().createSocket(socket, host, port, true);
        if (TlsSettings.verifiesHostName()) {
          SSLParameters parameters = secured.getSSLParameters();
          parameters.setEndpointIdentificationAlgorithm("HTTPS");
          secured.setSSLParameters(parameters);
        }
        secured.startHandshake();
        secured.setSoTimeout(PATIENCE_MILLIS);
        return new HttpConnection(address, secured);
      }
      return new HttpConnection(address, socket);
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  private static int port(String text) throws IOException {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IOException("the port must be a number, not " + text, e);
    }
  }

  /** Sends a GET and reads the head of its response. */
  public HttpResponseBody get(String path, HttpHeaders headers, Patience patience)
      throws IOException {
    return request("GET", path, headers, new byte[0], patience);
  }

  /** Sends a POST and reads the head of its response. */
  public HttpResponseBody post(String path, HttpHeaders headers, byte[] body, Patience patience)
      throws IOException {
    return request("POST", path, headers, body, patience);
  }

  /** Sends a request of any method and reads the head of its response. */
  public HttpResponseBody request(
      String method, String path, HttpHeaders headers, byte[] body, Patience patience)
      throws IOException {
    in.patience(patience);
    StringBuilder head = new StringBuilder();
    head.append(method).append(' ').append(path).append(" HTTP/1.1\r\n");
    head.append("host: ").append(address).append("\r\n");
    headers.writeTo(head);
    head.append("content-length: ").append(body.length).append("\r\n\r\n");
    byte[] first = head.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] whole = new byte[first.length + body.length];
    System.arraycopy(first, 0, whole, 0, first.length);
    System.arraycopy(body, 0, whole, first.length, body.length);
    OutputStream out = socket.getOutputStream();
    out.write(whole);
    out.flush();
    HttpResponseBody response = head();
    while (response.status() / 100 == 1) {
      response = head();
    }
    return response;
  }

  private HttpResponseBody head() throws IOException {
    String line = in.line();
    if (!line.matches("HTTP/1\\.[01] [1-5][0-9][0-9]( .*)?")) {
      throw new IOException(address + " does not speak HTTP/1.1");
    }
    HttpHeaders headers = new HttpHeaders();
    for (String header = in.line(); !header.isEmpty(); header = in.line()) {
      int colon = header.indexOf(':');
      if (colon <= 0 || headers.size() == HEADERS_MAX) {
        throw new IOException(address + " sent headers that cannot be read");
      }
      headers.set(header.substring(0, colon).trim(), header.substring(colon + 1).trim());
    }
    return new HttpResponseBody(in, Integer.parseInt(line.substring(9, 12)), headers);
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      // It is given up anyway.
    }
  }
}
