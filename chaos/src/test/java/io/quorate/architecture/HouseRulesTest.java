package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.architecture.JavaSource.NamedText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the source of all modules to {@link HouseRules}, and each rule to code that breaks it. */
class HouseRulesTest {
  private static List<JavaSource> production;
  private static List<JavaSource> everything;

  @BeforeAll
  static void parse() {
    production = JavaSource.parse(read(Sources.mainFiles()));
    everything = new ArrayList<>(production);
    everything.addAll(JavaSource.parse(read(Sources.testFiles())));
  }

  static Stream<Arguments> rules() {
    return Stream.concat(
        HouseRules.EVERYWHERE.keySet().stream().map(rule -> Arguments.of(rule, true)),
        HouseRules.IN_PRODUCTION.keySet().stream().map(rule -> Arguments.of(rule, false)));
  }

  static Stream<Arguments> offenders() {
    String manyLines = "int x;\n".repeat(501);
    String manyStatements = "f();\n".repeat(60);
    return Stream.of(
        offender("methods fit on a screen", "class A { void f() {\n" + manyStatements + "} }"),
        offender("methods fit on a screen", "class A { A() {\n" + manyStatements + "} }"),
        offender("methods fit on a screen", "class A { static {\n" + manyStatements + "} }"),
        offender(
            "methods fit on a screen",
            "class A { Object o = new Object() { void f() {\n" + manyStatements + "} }; }"),
        offender("files hold one idea", "class A {\n" + manyLines + "}"),
        offender(
            "variables are named for what they are",
            "class A { void f(int[] xs) { for (int each : xs) { f(xs); } } }"),
        offender(
            "variables are named for what they are",
            "class A { Runnable f = of(each -> each.run()); }"),
        offender(
            "variables are named for what they are",
            "class A { Runnable f = of((int x, int each) -> run()); }"),
        offender("validators say what they do", "interface A { String wrongPort(int port); }"),
        offender("validators say what they do", "class A { record B() { void wrong() {} } }"),
        offender("packages say what they are", "package io.quorate.silent; class A {}"),
        offender("public types are documented", "public class A {}"),
        offender("public types are documented", "/** A telegram */ public class A {}"),
        offender("public types are documented", "/** An a. */ class A { public record B() {} }"),
        offender("public types are documented", "/** An a. */ class A { public enum B { C } }"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("offenders")
  void shouldFindWhatBreaksARule(String rule, String text) {
    // given
    List<JavaSource> sources = JavaSource.parse(List.of(new NamedText("a/A.java", text)));

    // when
    List<String> found = rule(rule).apply(sources);

    // then
    assertThat(found).hasSize(1).allMatch(sentence -> sentence.contains(": "));
  }

  @Test
  void shouldFindACrowdedPackage() {
    // given
    List<NamedText> files =
        IntStream.range(0, 21)
            .mapToObj(i -> new NamedText("a/A" + i + ".java", "package a; class A" + i + " {}"))
            .collect(Collectors.toCollection(ArrayList::new));

    // when
    List<String> found = rule("packages are rooms that one can look over").apply(parse(files));
    files.remove(20);
    files.add(new NamedText("a/package-info.java", "package a;"));
    List<String> afterwards = rule("packages are rooms that one can look over").apply(parse(files));

    // then
    assertThat(found).containsExactly("a has 21 files: give it rooms within");
    assertThat(afterwards).isEmpty();
  }

  @Test
  void shouldFindANameWithTwoMeanings() {
    // given
    List<NamedText> files =
        List.of(
            new NamedText("a/A.java", "package a; class A { class B {} }"),
            new NamedText("b/A.java", "package b; record A() {}"));

    // when
    List<String> found = rule("a name means one thing").apply(parse(files));

    // then
    assertThat(found)
        .containsExactly("a/A.java and b/A.java: the name A is used twice: give each its own word");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void shouldLetGoodCodePass(String rule) {
    // given
    List<NamedText> files =
        List.of(
            new NamedText("a/package-info.java", "/** What it is. */ package a;"),
            new NamedText(
                "a/A.java",
                """
                package a;
                /** Says what it is. It says more, too. */
                public final class A {
                  void validatePort(int... ports) { for (int port : ports) { of(x -> port); } }
                }
                """));

    // when
    List<String> found = rule(rule).apply(parse(files));

    // then
    assertThat(found).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rules")
  void shouldHoldInTheCode(String rule, boolean inTestsToo) {
    // given
    List<JavaSource> sources = inTestsToo ? everything : production;

    // when
    List<String> found = rule(rule).apply(sources);

    // then
    assertThat(sources).hasSizeGreaterThan(400);
    assertThat(found).as(rule).isEmpty();
  }

  private static Arguments offender(String rule, String text) {
    return Arguments.of(rule, text);
  }

  private static Function<List<JavaSource>, List<String>> rule(String name) {
    Map<String, Function<List<JavaSource>, List<String>>> rules =
        HouseRules.EVERYWHERE.containsKey(name) ? HouseRules.EVERYWHERE : HouseRules.IN_PRODUCTION;
    return rules.get(name);
  }

  private static List<JavaSource> parse(List<NamedText> files) {
    return JavaSource.parse(files);
  }

  private static List<NamedText> read(List<Path> files) {
    List<NamedText> texts = new ArrayList<>();
    for (Path file : files) {
      try {
        String name = Sources.reactor().relativize(file).toString();
        texts.add(new NamedText(name, Files.readString(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return texts;
  }
}
