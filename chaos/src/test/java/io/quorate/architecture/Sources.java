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
      List.of("protocol", "replicated-log", "master", "agent", "driver", "cli", "chaos");

  private Sources() {}

  /** Says whether some module documents this package. */
  static boolean hasPackageInfo(String packageName) {
    String file = packageName.replace('.', '/') + "/package-info.java";
    return MODULES.stream()
        .flatMap(each -> Stream.of("main", "test").map(kind -> each + "/src/" + kind + "/java/"))
        .anyMatch(each -> Files.isRegularFile(reactor().resolve(each + file)));
  }

  /** Lists every hand-written Java file of the reactor, tests included. */
  static List<Path> javaFiles() {
    return MODULES.stream().flatMap(each -> below(reactor().resolve(each + "/src"))).toList();
  }

  private static Stream<Path> below(Path folder) {
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try (Stream<Path> found = Files.walk(folder)) {
      return found.filter(each -> each.toString().endsWith(".java")).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path reactor() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isRegularFile(here.resolve("quorate")) ? here : here.getParent();
  }
}
