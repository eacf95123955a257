package io.quorate.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** The programs in the client's README, compiled. */
final class ReadmeCode {
  private static final Path README = Path.of("../driver/README.md");
  private static final Pattern BLOCK =
      Pattern.compile("```java\n(.*?public class (\\w+).*?)```", Pattern.DOTALL);

  /** Lines of each program, without its imports and without blank ones. */
  private final List<Long> sizes = new ArrayList<>();

  private final Path classes;

  ReadmeCode(Path directory) throws IOException {
    Path sources = Files.createDirectories(directory.resolve("sources"));
    classes = Files.createDirectories(directory.resolve("classes"));
    List<String> arguments =
        new ArrayList<>(
            List.of("-cp", System.getProperty("java.class.path"), "-d", classes.toString()));
    Matcher found = BLOCK.matcher(Files.readString(README));
    while (found.find()) {
      Path source = sources.resolve(found.group(2) + ".java");
      Files.writeString(source, found.group(1));
      arguments.add(source.toString());
      sizes.add(
          found
              .group(1)
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("import "))
              .count());
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    boolean compiled =
        compiler
            .getTask(
                said,
                null,
                null,
                arguments.subList(0, 4),
                null,
                compiler
                    .getStandardFileManager(null, null, null)
                    .getJavaFileObjects(
                        arguments.subList(4, arguments.size()).toArray(String[]::new)))
            .call();
    assertThat(compiled).as(said.toString()).isTrue();
  }

  List<Long> sizes() {
    return sizes;
  }

  /** Runs one of them to its end. */
  void main(String name, String... arguments) throws Exception {
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) arguments);
    }
  }

  /** The command line of one of them. */
  String command(String name) {
    return System.getProperty("java.home")
        + "/bin/java -XX:TieredStopAtLevel=1 -cp "
        + classes
        + ":"
        + System.getProperty("java.class.path")
        + " "
        + name;
  }
}
