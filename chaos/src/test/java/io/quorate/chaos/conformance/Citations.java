package io.quorate.chaos.conformance;

import com.tngtech.archunit.core.domain.JavaAnnotation;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.properties.HasAnnotations;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The tests of all modules that cite a point, read from their compiled classes. */
final class Citations {
  private static final Pattern ID = Pattern.compile("CP-\\d{3}");
  private static final String DISPLAY_NAME = "org.junit.jupiter.api.DisplayName";
  private static final String DISABLED = "org.junit.jupiter.api.Disabled";
  private static final String PARAMETERIZED = "org.junit.jupiter.params.ParameterizedTest";
  private static final List<String> TESTS =
      List.of(
          "org.junit.jupiter.api.Test",
          "org.junit.jupiter.api.RepeatedTest",
          "org.junit.jupiter.api.TestFactory",
          PARAMETERIZED);

  private Citations() {}

  /** In the order of class and method names. A disabled test cites nothing. */
  static List<Citation> all() {
    List<Citation> found = new ArrayList<>();
    for (Path module : modules()) {
      Path classes = module.resolve("target/test-classes");
      if (!Files.isDirectory(classes)) {
        throw new IllegalStateException(
            "the tests of " + name(module) + " are not compiled: build with -am");
      }
      for (JavaClass testClass : new ClassFileImporter().importPath(classes)) {
        if (!testClass.isAnnotatedWith(DISABLED)) {
          for (JavaMethod method : testClass.getMethods()) {
            add(name(module), testClass, method, found);
          }
        }
      }
    }
    Replayed.byPoint()
        .keySet()
        .forEach(
            point ->
                found.add(
                    new Citation(
                        "chaos",
                        Replayed.TEST_CLASS,
                        Replayed.TEST_METHOD,
                        new TreeSet<>(List.of(point)))));
    found.sort(Comparator.comparing(Citation::className).thenComparing(Citation::method));
    return found;
  }

  /** The folder of a module, from that of the project: {@code driver/mesos}. */
  static String name(Path module) {
    return reactor().relativize(module).toString();
  }

  /** The folders of the modules that have tests; a module may be within another. */
  static List<Path> modules() {
    try (Stream<Path> folders = Files.find(reactor(), 2, (folder, what) -> what.isDirectory())) {
      return folders
          .filter(folder -> Files.isRegularFile(folder.resolve("pom.xml")))
          .filter(folder -> Files.isDirectory(folder.resolve("src/test/java")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of the whole project. */
  static Path reactor() {
    Path here = Path.of("").toAbsolutePath();
    return Files.isRegularFile(here.resolve("quorate")) ? here : here.getParent();
  }

  private static void add(String module, JavaClass in, JavaMethod method, List<Citation> found) {
    if (TESTS.stream().noneMatch(method::isAnnotatedWith) || method.isAnnotatedWith(DISABLED)) {
      return;
    }
    SortedSet<String> points = new TreeSet<>();
    points.addAll(ids(in, DISPLAY_NAME, "value"));
    points.addAll(ids(method, DISPLAY_NAME, "value"));
    points.addAll(ids(method, PARAMETERIZED, "name"));
    if (!points.isEmpty()) {
      found.add(new Citation(module, in.getName(), method.getName(), points));
    }
  }

  private static SortedSet<String> ids(HasAnnotations<?> on, String annotation, String property) {
    SortedSet<String> ids = new TreeSet<>();
    for (JavaAnnotation<?> javaAnnotation : on.getAnnotations()) {
      if (javaAnnotation.getRawType().getName().equals(annotation)) {
        Matcher matcher = ID.matcher(javaAnnotation.get(property).map(Object::toString).orElse(""));
        while (matcher.find()) {
          ids.add(matcher.group());
        }
      }
    }
    return ids;
  }
}
