package io.quorate.chaos.run;

import io.quorate.chaos.cluster.ChaosCluster;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * One line of the product that is wrong on purpose, with what must find it: the file {@code
 * injected-bugs.txt} has them all. They are compiled into a directory of their own, before the
 * product on the class path; nothing of them is in the product.
 *
 * @param name what is wrong
 * @param breaks the beginning of the name of the checker that must call the run invalid
 * @param run options of the run that shows it
 * @param file the source, from the root of the checkout
 * @param was the line, which stands once in it, without its indent
 * @param is what it becomes
 */
record InjectedSourceBug(
    String name, String breaks, List<String> run, String file, String was, String is) {

  /** All of them. */
  static List<InjectedSourceBug> all() throws IOException {
    try (InputStream in = InjectedSourceBug.class.getResourceAsStream("injected-bugs.txt")) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<InjectedSourceBug> bugs = new ArrayList<>();
      for (String paragraph : text.split("\n\n+")) {
        Map<String, String> fields =
            paragraph
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split(": ", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair.length > 1 ? pair[1] : ""));
        if (!fields.isEmpty()) {
          bugs.add(
              new InjectedSourceBug(
                  fields.get("bug"),
                  fields.get("breaks"),
                  List.of(fields.get("run").split(" +")),
                  fields.get("file"),
                  fields.get("was"),
                  fields.get("is")));
        }
      }
      return bugs;
    }
  }

  /**
   * Compiles the product's file with the bug in it.
   *
   * @param home the checkout
   * @param directory gets {@code source} and {@code classes}
   * @return the directory of classes
   * @throws IOException if the line is not there any more, or does not compile
   */
  Path plant(Path home, Path directory) throws IOException {
    String source = Files.readString(home.resolve(file));
    List<String> lines = source.lines().toList();
    if (lines.stream().filter(line -> line.strip().equals(was)).count() != 1) {
      throw new IOException(name + ": " + file + " does not have this line once: " + was);
    }
    Path changed = directory.resolve("source").resolve(Path.of(file).getFileName());
    Path classes = directory.resolve("classes");
    Files.createDirectories(changed.getParent());
    Files.createDirectories(classes);
    Files.writeString(
        changed,
        lines.stream()
            .map(line -> line.strip().equals(was) ? is : line)
            .collect(Collectors.joining("\n", "", "\n")));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    java.io.ByteArrayOutputStream said = new java.io.ByteArrayOutputStream();
    int status =
        compiler.run(
            null,
            said,
            said,
            "-proc:none",
            "-nowarn",
            "--release",
            "17",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            classes.toString(),
            changed.toString());
    if (status != 0) {
      throw new IOException(name + ": " + said.toString(StandardCharsets.UTF_8));
    }
    return classes;
  }

  /** The checkout that this class was built in. */
  static Path home() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    for (Path folder = here; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve("quorate"))
          && Files.isDirectory(folder.resolve("master/src"))) {
        return folder;
      }
    }
    throw new IOException("planted bugs need the sources: run it within a checkout, not " + here);
  }

  /** The words with which Java runs the harness with the bug in it. */
  List<String> command(Path classes, Path out) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(ChaosCluster.JAVA_OPTIONS);
    words.addAll(
        List.of(
            "-cp",
            classes + java.io.File.pathSeparator + System.getProperty("java.class.path"),
            ChaosMain.class.getName()));
    words.addAll(run);
    words.add("--out=" + out);
    return words;
  }
}
