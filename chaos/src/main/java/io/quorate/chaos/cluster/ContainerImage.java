package io.quorate.chaos.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Image;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.testcontainers.images.builder.ImageFromDockerfile;

/**
 * The image that containers are made of, built here from nothing but the mirror of this machine's
 * apt, its JDK and the classes that run now. It has three parts, each made again only when what is
 * in it differs: a small Debian, a Java runtime with the libraries, and our own classes.
 */
final class ContainerImage {
  private static final String NAME = "quorate-chaos";
  private static final String HOME = "/opt/quorate";
  private static final Duration BASE_MAX = Duration.ofMinutes(15);
  private static final Duration RUNTIME_MAX = Duration.ofMinutes(5);
  // With all of java.se and every service: what is missing is missed where something goes wrong.
  private static final List<String> MODULES =
      List.of(
          "--add-modules=java.se,jdk.unsupported,jdk.management,jdk.net,jdk.jcmd",
          "--bind-services");

  /** Images of ours that stay, of each part: so many states of the code may be in use. */
  private static final int KEPT = 4;

  private final DockerClient docker;
  private final Map<String, Path> libraries = new TreeMap<>();
  private final Map<String, Path> own = new TreeMap<>();
  private final String classpath;
  private final String name;

  /**
   * Builds what is not there.
   *
   * @throws IOException if it cannot; says what is missing on this machine
   */
  ContainerImage(DockerClient docker) throws IOException {
    this.docker = docker;
    List<String> words = new ArrayList<>();
    for (String word : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(word);
      String file = path.getFileName().toString();
      if (Files.isDirectory(path) || file.startsWith("quorate-")) {
        String there = String.format("%02d-%s", own.size(), file);
        own.put(there, path);
        words.add(HOME + "/own/" + there);
      } else if (Files.exists(path)) {
        libraries.put(file, path);
      }
    }
    words.add(HOME + "/lib/*");
    classpath = String.join(":", words);
    name = own(runtime(base()));
    removeOld();
  }

  String name() {
    return name;
  }

  /** The words that run a Java class in a container, up to and without the class. */
  List<String> java(List<String> options) {
    List<String> words = new ArrayList<>();
    words.add(HOME + "/runtime/bin/java");
    words.addAll(options);
    words.add("-cp");
    words.add(classpath);
    return words;
  }

  /** Made by {@code base.sh}; its tarball is kept, for daemons that start with nothing. */
  private String base() throws IOException {
    byte[] recipe;
    try (InputStream script = ContainerImage.class.getResourceAsStream("base.sh")) {
      recipe = script.readAllBytes();
    }
    Digest digest = new Digest().add(recipe).add(Files.readAllBytes(Path.of("/etc/os-release")));
    String key = digest.hex();
    String image = NAME + ":base-" + key;
    if (isThere(image)) {
      return image;
    }
    Path tarball = UserCache.directory().resolve("base-" + key + ".tar.gz");
    if (!Files.exists(tarball)) {
      say("making the base of the image: some minutes, once");
      Path script = Files.write(Files.createTempFile("quorate-base", ".sh"), recipe);
      Shell.run(BASE_MAX, List.of("sh", script.toString(), tarball.toString()));
      Files.delete(script);
      removeOtherBases(tarball);
    }
    build(image, "FROM scratch\nADD files /\n", Map.of("files", tarball));
    return image;
  }

  private static void removeOtherBases(Path tarball) throws IOException {
    try (Stream<Path> all = Files.list(tarball.getParent())) {
      for (Path path : all.filter(file -> !file.equals(tarball)).toList()) {
        if (path.getFileName().toString().matches("base-[0-9a-f]+\\.tar\\.gz")) {
          Files.delete(path);
        }
      }
    }
  }

  private String runtime(String base) throws IOException {
    String java = System.getProperty("java.vendor") + System.getProperty("java.runtime.version");
    Digest digest = new Digest().add(base + java + MODULES);
    String image = NAME + ":runtime-" + digest.add(libraries).hex();
    if (!isThere(image)) {
      say("making the image's Java runtime");
      Path directory = Files.createTempDirectory("quorate-runtime");
      try {
        Path runtime = directory.resolve("runtime");
        jlink(runtime);
        Map<String, Path> files = new TreeMap<>(Map.of("files/runtime", runtime));
        libraries.forEach((file, path) -> files.put("files/lib/" + file, path));
        build(image, copy(base), files);
      } finally {
        Shell.run(RUNTIME_MAX, List.of("rm", "-rf", directory.toString()));
      }
    }
    return image;
  }

  private static void jlink(Path runtime) throws IOException {
    Path bin = Path.of(System.getProperty("java.home"), "bin");
    List<String> command = new ArrayList<>();
    command.add(bin.resolve("jlink").toString());
    command.addAll(MODULES);
    command.addAll(List.of("--strip-java-debug-attributes", "--no-header-files", "--no-man-pages"));
    command.add("--output=" + runtime);
    Shell.run(RUNTIME_MAX, command);
    // The archive of classes that every JDK has, and without which start-up takes longer.
    Shell.run(RUNTIME_MAX, List.of(runtime.resolve("bin/java").toString(), "-Xshare:dump"));
  }

  private String own(String runtime) throws IOException {
    String image = NAME + ":classes-" + new Digest().add(runtime).add(own).hex();
    if (!isThere(image)) {
      Map<String, Path> files = new TreeMap<>();
      own.forEach((file, path) -> files.put("files/own/" + file, path));
      build(image, copy(runtime), files);
    }
    return image;
  }

  private static String copy(String from) {
    return "FROM " + from + "\nCOPY files " + HOME + "\n";
  }

  private static void build(String image, String dockerfile, Map<String, Path> files) {
    ImageFromDockerfile build = new ImageFromDockerfile(image, false);
    build.withFileFromString("Dockerfile", dockerfile);
    files.forEach((file, path) -> build.withFileFromPath(file, path));
    build.get();
  }

  private boolean isThere(String image) {
    try {
      docker.inspectImageCmd(image).exec();
      return true;
    } catch (NotFoundException e) {
      return false;
    }
  }

  /** All but the newest; those that something is made of stay, as Docker does not remove them. */
  private void removeOld() {
    Map<String, List<Image>> parts = new TreeMap<>();
    for (Image image : docker.listImagesCmd().withImageNameFilter(NAME).exec()) {
      String tag = image.getRepoTags()[0];
      String part = tag.replaceAll(".*:|-.*", "");
      parts.computeIfAbsent(part, key -> new ArrayList<>()).add(image);
    }
    for (List<Image> part : parts.values()) {
      part.sort(Comparator.comparing(Image::getCreated).reversed());
      for (Image old : part.subList(Math.min(KEPT, part.size()), part.size())) {
        try {
          docker.removeImageCmd(old.getRepoTags()[0]).exec();
        } catch (DockerException e) {
          // Something is made of it.
        }
      }
    }
  }

  private static void say(String what) {
    System.err.println("quorate: " + what);
  }

  /** A name for content. */
  private static final class Digest {
    private static final int HEX_DIGITS = 16;
    private final MessageDigest sha256;

    Digest() {
      try {
        sha256 = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every JDK has SHA-256", e);
      }
    }

    Digest add(byte[] bytes) {
      sha256.update(bytes);
      return this;
    }

    Digest add(String text) {
      return add(text.getBytes(StandardCharsets.UTF_8));
    }

    Digest add(Map<String, Path> files) throws IOException {
      for (Map.Entry<String, Path> entry : files.entrySet()) {
        try (Stream<Path> all = Files.walk(entry.getValue())) {
          for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
            add(entry.getKey() + "/" + entry.getValue().relativize(file) + "\n");
            add(Files.readAllBytes(file));
          }
        }
      }
      return this;
    }

    String hex() {
      return HexFormat.of().formatHex(sha256.digest()).substring(0, HEX_DIGITS);
    }
  }
}
