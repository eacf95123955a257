package io.quorate.chaos.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Programs on Mesos's Java API, compiled against the original jar alone, and the class path to run
 * them with ours first. Which original it is says the system property {@code
 * quorate.mesos.classpath} (with the protobuf that a plain one needs); the one that the drop-in is
 * built with if it is not set.
 */
final class DropIn {
  private static final Path SOURCES = Path.of("src/test/clients/dropin").toAbsolutePath();
  private static final Path OURS = Path.of("../driver/mesos/target/classes").toAbsolutePath();

  private final String classPath;

  /** Compiles the programs into a folder. */
  DropIn(Path classes) throws IOException {
    String original = original();
    List<Path> sources = new ArrayList<>(sources("v0"));
    if (has(original, "org.apache.mesos.v1.scheduler.V1Mesos")) {
      sources.addAll(sources("v1"));
    }
    assertThat(OURS.resolve("org/apache/mesos/MesosSchedulerDriver.class"))
        .as("driver/mesos is built before this module")
        .exists();
    Files.createDirectories(classes);
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files =
        compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      List<String> options =
          List.of("--release", "8", "-nowarn", "-cp", original, "-d", classes.toString());
      boolean fine =
          compiler
              .getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(fine).as("the programs compile against " + original).isTrue();
    }
    classPath = String.join(File.pathSeparator, OURS.toString(), classes.toString(), original);
  }

  private static String original() {
    return System.getProperty("quorate.mesos.classpath", location("org.apache.mesos.Protos"));
  }

  private static String location(String type) {
    try {
      return Path.of(
              Class.forName(type, false, DropIn.class.getClassLoader())
                  .getProtectionDomain()
                  .getCodeSource()
                  .getLocation()
                  .toURI())
          .toString();
    } catch (ReflectiveOperationException | java.net.URISyntaxException e) {
      throw new IllegalStateException(type + " is not on the class path of the tests", e);
    }
  }

  private static boolean has(String jars, String type) throws IOException {
    String name = type.replace('.', '/') + ".class";
    for (String jar : jars.split(File.pathSeparator)) {
      try (java.util.zip.ZipFile zip = new java.util.zip.ZipFile(jar)) {
        if (zip.getEntry(name) != null) {
          return true;
        }
      }
    }
    return false;
  }

  private static List<Path> sources(String folder) throws IOException {
    try (Stream<Path> found = Files.walk(SOURCES.resolve(folder))) {
      return found.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  /** The command that runs one of the programs. */
  List<String> command(String program, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-Xmx64m",
                "-cp",
                classPath,
                "clients." + program));
    command.addAll(List.of(arguments));
    return command;
  }
}
