package io.quorate.examples;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;

/** The class path of a framework for Mesos, with our driver first and nothing else of ours. */
final class DropInClasses {
  private DropInClasses() {}

  /** Runs the example to its end. */
  static void main(String masters) throws Exception {
    URL[] places = {
      driver().toUri().toURL(), mesos().toUri().toURL(), here(),
    };
    try (URLClassLoader classes =
        new URLClassLoader(places, ClassLoader.getPlatformClassLoader())) {
      classes
          .loadClass("io.quorate.examples.DropInExample")
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[] {masters});
    }
  }

  private static URL here() {
    return HelloExample.class.getProtectionDomain().getCodeSource().getLocation();
  }

  /** What the build of the drop-in left: classes, or the jar. */
  private static Path driver() throws IOException {
    Path target = Path.of("../driver/mesos/target");
    if (Files.isDirectory(target.resolve("classes/org/apache/mesos"))) {
      return target.resolve("classes");
    }
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("quorate-mesos-driver-.*\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("no drop-in in " + target));
    }
  }

  private static Path mesos() throws IOException {
    return Arrays.stream(System.getProperty("java.class.path").split(java.io.File.pathSeparator))
        .filter(entry -> entry.matches(".*mesos-1\\.11\\.0.*\\.jar"))
        .map(Path::of)
        .findFirst()
        .orElseThrow(() -> new IOException("no jar of Mesos on the class path"));
  }
}
