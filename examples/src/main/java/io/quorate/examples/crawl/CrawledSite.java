package io.quorate.examples.crawl;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A small web site on loopback: its pages, and the programs of the executors, which agents fetch
 * from here. Where classes lie in a folder, as they do while one develops, they are packed into a
 * jar.
 */
final class CrawledSite implements AutoCloseable {
  private static final Map<String, List<String>> PAGES =
      Map.of(
          "/", List.of("/offers", "/tasks", "/agents"),
          "/offers", List.of("/", "/resources"),
          "/tasks", List.of("/", "/executors", "/updates"),
          "/agents", List.of("/resources", "/executors"),
          "/resources", List.of("/volumes"),
          "/executors", List.of("/tasks"),
          "/updates", List.of("/tasks"),
          "/volumes", List.of("/"));

  private final HttpServer server;

  /** What is fetched, by its name. */
  private final Map<String, Path> programs = new LinkedHashMap<>();

  /**
   * Serves.
   *
   * @param script a program that is one file
   * @param classes whose jars or folders are served
   */
  CrawledSite(Path script, List<Class<?>> classes) throws IOException {
    programs.put(script.getFileName().toString(), script);
    classes.stream()
        .map(CrawledSite::placeOf)
        .distinct()
        .forEach(place -> programs.put(programs.size() + ".jar", place));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "site");
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/", this::answer);
    server.start();
  }

  private static Path placeOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException("a class without a place: " + type, e);
    }
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** The addresses of the jars. */
  List<String> jars() {
    return programs.keySet().stream()
        .filter(name -> name.endsWith(".jar"))
        .map(name -> address() + "/programs/" + name)
        .toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    Path program = programs.get(path.replaceFirst("^/programs/", ""));
    byte[] body = new byte[0];
    if (program != null) {
      body = Files.isDirectory(program) ? packed(program) : Files.readAllBytes(program);
    } else if (PAGES.containsKey(path)) {
      body = page(path).getBytes(StandardCharsets.UTF_8);
    }
    exchange.sendResponseHeaders(body.length == 0 ? 404 : 200, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static String page(String path) {
    return PAGES.get(path).stream()
        .map(link -> "<p>See <a href=\"" + link + "\">" + link.substring(1) + "</a>.</p>\n")
        .collect(Collectors.joining("", "<title>" + path + "</title>\n", ""));
  }

  private static byte[] packed(Path folder) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes);
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, zip);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return bytes.toByteArray();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
