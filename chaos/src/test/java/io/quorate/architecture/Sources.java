package io.quorate.architecture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The source folders of the reactor, found from the module that the test runs in. */
final class Sources {
  private static final List<String> MODULES =
      List.of(
          "protocol",
          "replicated-log",
          "master",
          "agent",
          "driver",
          "driver/mesos",
          "cli",
          "examples",
          "chaos");

  private Sources() {}

  /** Says whether a person wrote this source file: those that are generated lie below target. */
  static boolean has(String packageName, String fileName) {
    String file = packageName.replace('.', '/') + "/" + fileName;
    return MODULES.stream()
        .flatMap(module -> Stream.of(module + "/src/main/java/", module + "/src/test/java/"))
        .anyMatch(folder -> Files.isRegularFile(reactor().resolve(folder + file)));
  }

  /** Lists the hand-written Java files of production, by path. */
  static List<Path> mainFiles() {
    return javaFiles("src/main/java");
  }

  /** Lists the hand-written Java files of the tests, by path. */
  static List<Path> testFiles() {
    return javaFiles("src/test/java");
  }

  /** Returns the folder of the whole project. */
  static Path reactor() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isRegularFile(here.resolve("quorate")) ? here : here.getParent();
  }

  private static List<Path> javaFiles(String folder) {
    return MODULES.stream()
        .map(module -> reactor().resolve(module).resolve(folder))
        .filter(Files::isDirectory)
        .flatMap(Sources::below)
        .toList();
  }

  private static Stream<Path> below(Path folder) {
    try (Stream<Path> found = Files.walk(folder)) {
      return found.filter(file -> file.toString().endsWith(".java")).sorted().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
