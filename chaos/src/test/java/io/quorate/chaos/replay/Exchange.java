package io.quorate.chaos.replay;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A request, and what Mesos answered and sent because of it.
 *
 * <pre>
 * === scheduler/c99-name        its name
 * ! close                       what to do before: see {@link Player#direct}
 * POST /api/v1/scheduler        the request, its headers, and its body
 * Content-Type: application/json
 * > {"type": "DECLINE"}         (or {@code hex>} and bytes)
 * ---
 * 202                           the status, the headers that matter, and the body
 * > text
 * +++                           the events that follow on the stream, each once and in order
 * {"type": "HEARTBEAT"}
 * (end)                         the stream is ended by the server
 * +++ old                       likewise on the stream before this one
 * </pre>
 *
 * <p>{@code $stream}, {@code $framework}, {@code $offer} and the like stand for what the player
 * knows; in what is expected, {@code $string}, {@code $number}, {@code $boolean}, {@code $uuid},
 * {@code $framework}, {@code $agent} and {@code $offer} stand for any value of that kind, and a
 * star in a text for any part of it. A header whose value is a star must be there, one whose value
 * is a dash must not.
 */
record Exchange(
    String name,
    List<String> directives,
    String method,
    String path,
    Map<String, String> headers,
    Optional<byte[]> body,
    int status,
    Map<String, String> expectedHeaders,
    Optional<String> expectedBody,
    List<String> events,
    List<String> oldEvents) {

  /** The exchanges of a file, in the order to play them in. */
  static List<Exchange> read(String file) {
    String text;
    try (InputStream in =
        Exchange.class.getResourceAsStream("/conformance/exchanges/" + file + ".txt")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<Exchange> exchanges = new ArrayList<>();
    List<String> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      if (line.startsWith("=== ") && !lines.isEmpty()) {
        exchanges.add(parse(lines));
        lines.clear();
      }
      if (!line.isBlank() && !line.startsWith("#")) {
        lines.add(line);
      }
    }
    exchanges.add(parse(lines));
    return exchanges;
  }

  private static Exchange parse(List<String> lines) {
    int at = 1;
    List<String> directives = new ArrayList<>();
    while (lines.get(at).startsWith("! ")) {
      directives.add(lines.get(at++).substring(2));
    }
    String[] first = lines.get(at++).split(" ", 2);
    Map<String, String> headers = new LinkedHashMap<>();
    Optional<byte[]> body = Optional.empty();
    for (; !lines.get(at).equals("---"); at++) {
      String line = lines.get(at);
      if (line.startsWith("> ")) {
        body = Optional.of(line.substring(2).getBytes(StandardCharsets.UTF_8));
      } else if (line.startsWith("hex> ")) {
        body = Optional.of(HexFormat.of().parseHex(line.substring(5)));
      } else {
        header(line, headers);
      }
    }
    int status = Integer.parseInt(lines.get(++at).strip());
    Map<String, String> expectedHeaders = new LinkedHashMap<>();
    Optional<String> expectedBody = Optional.empty();
    for (at++; at < lines.size() && !lines.get(at).startsWith("+++"); at++) {
      String line = lines.get(at);
      if (line.startsWith("> ")) {
        expectedBody = Optional.of(line.substring(2));
      } else {
        header(line, expectedHeaders);
      }
    }
    List<String> events = new ArrayList<>();
    List<String> oldEvents = new ArrayList<>();
    boolean old = false;
    for (; at < lines.size(); at++) {
      String line = lines.get(at);
      if (line.startsWith("+++")) {
        old = line.endsWith(" old");
      } else {
        (old ? oldEvents : events).add(line);
      }
    }
    return new Exchange(
        lines.get(0).substring(4),
        directives,
        first[0],
        first[1],
        headers,
        body,
        status,
        expectedHeaders,
        expectedBody,
        events,
        oldEvents);
  }

  private static void header(String line, Map<String, String> into) {
    String[] parts = line.split(": ", 2);
    into.put(parts[0], parts[1]);
  }
}
