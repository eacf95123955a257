package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds all pure code to {@link PurityFence}, and the fence to code that is impure in each form.
 */
class PurityFenceTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.quorate");

  /** Where an expression may hide. */
  private static final Map<String, String> FORMS =
      Map.of(
          "a class", "class Fixture { Object decide() { return EXPRESSION; } }",
          "a nested record",
              "class Fixture { record Nested(int x) { Object decide() { return EXPRESSION; } } }",
          "an anonymous class",
              """
              class Fixture {
                Object made = new Object() { @Override public String toString() { return "" + EXPRESSION; } };
              }
              """,
          "a lambda",
              "class Fixture { java.util.function.Supplier<Object> made = () -> EXPRESSION; }",
          "a lambda of a nested class",
              """
              class Fixture {
                static class Nested { java.util.function.Supplier<Object> made = () -> EXPRESSION; }
              }
              """,
          "a static initializer",
              "class Fixture { static final Object MADE; static { MADE = EXPRESSION; } }",
          "an enum's constant", "enum Fixture { ONE { Object decide() { return EXPRESSION; } } }");

  /** What pure code may not do, each with a word of what is said about it. */
  private static final Map<String, String> EXPRESSIONS =
      Map.ofEntries(
          Map.entry("java.time.Instant.now()", "Instant.now"),
          Map.entry("System.nanoTime()", "nanoTime"),
          Map.entry("java.util.UUID.randomUUID()", "randomUUID"),
          Map.entry("new java.util.Random(1).nextInt()", "java.util.Random"),
          Map.entry("Math.random()", "random"),
          Map.entry("new java.io.File(\"x\").exists()", "java.io.File"),
          Map.entry("java.nio.file.Path.of(\"x\")", "java.nio.file.Path"),
          Map.entry("System.getenv(\"HOME\")", "getenv"),
          Map.entry("Thread.currentThread()", "java.lang.Thread"),
          Map.entry("new java.util.concurrent.atomic.AtomicLong()", "AtomicLong"),
          Map.entry("org.slf4j.LoggerFactory.getLogger(\"x\")", "org.slf4j"),
          Map.entry("System.out", "java.io.PrintStream"),
          Map.entry("new java.util.HashSet<>(java.util.List.of(1))", "HashSet"),
          Map.entry("java.util.Set.of(1, 2)", "Set.of"),
          Map.entry("java.util.Map.of(1, 2, 3, 4)", "Map.of"),
          Map.entry("java.util.Map.copyOf(new java.util.TreeMap<>())", "Map.copyOf"),
          Map.entry(
              "java.util.stream.Stream.of(1).collect(java.util.stream.Collectors.toSet())",
              "Collectors.toSet"),
          Map.entry(
              "java.util.stream.Stream.of(1).collect(java.util.stream.Collectors.groupingBy(x -> x))",
              "Collectors.groupingBy"));

  /** What exact code may not do either. */
  private static final Map<String, String> CALCULATIONS =
      Map.of(
          "Double.parseDouble(\"1\") * 2", "calculates",
          "(long) Double.parseDouble(\"1\")", "calculates",
          "Double.parseDouble(\"1\") < 2", "calculates",
          "Math.ceil(Double.parseDouble(\"1\"))", "Math.ceil",
          "(Object) Float.compare(1f, 2f)", "Float.compare",
          "java.util.stream.IntStream.of(1).mapToDouble(x -> x).sum()", "DoubleStream");

  private static final Map<String, String> REFERENCES =
      Map.of(
          "java.util.function.Supplier<Object> made = java.time.Instant::now;", "Instant.now",
          "java.util.function.Supplier<Object> made = java.util.UUID::randomUUID;", "randomUUID",
          "java.util.function.Supplier<Object> made = java.util.HashMap::new;", "HashMap",
          "java.util.function.Supplier<Object> made = java.util.concurrent.locks.ReentrantLock::new;",
              "ReentrantLock",
          "java.util.function.DoubleBinaryOperator made = Math::max;", "Math.max",
          "java.util.function.DoubleBinaryOperator made = Double::sum;", "Double.sum");

  private static final Map<String, String> MEMBERS =
      Map.of(
          "static int decided;", "static variable decided",
          "volatile int decided;", "volatile field decided",
          "synchronized void decide() {}", "synchronized method decide",
          "void decide() { synchronized (this) { hashCode(); } }", "synchronizes",
          "String decide(double share) { return \"share \" + share; }", "writes a floating point",
          "java.util.concurrent.Future<?> decide() { return null; }", "Future");

  private static final String PURE =
      """
      class Fixture {
        enum Kind { ONE, TWO }
        record Pair(long thousandths, double asRead) {}
        static final java.util.Set<Kind> KINDS = java.util.EnumSet.of(Kind.ONE, Kind.TWO);
        java.util.Map<String, Long> sums = new java.util.LinkedHashMap<>();
        Pair decide(double weight, java.time.Instant now) {
          for (Kind kind : KINDS) {
            sums.merge(kind + " of " + now, Math.floorMod(7L, 3L), Long::sum);
          }
          return new Pair(sums.values().stream().mapToLong(sum -> sum).sum(), weight);
        }
      }
      """;

  private static final List<Offender> OFFENDERS = offenders();

  /** Class files by their names without the ending. */
  private static final Map<String, byte[]> COMPILED = new TreeMap<>();

  /** A class that is impure on purpose, in the form named, and a word of what is said about it. */
  private record Offender(String form, String source, String word) {
    @Override
    public String toString() {
      return form + " with " + word;
    }
  }

  static IntStream numbers() {
    return IntStream.range(0, OFFENDERS.size());
  }

  @BeforeAll
  static void compile(@TempDir Path folder) throws IOException {
    List<String> arguments =
        new ArrayList<>(List.of("-proc:none", "--release", "17", "-g", "-d", folder.toString()));
    for (int number = 0; number <= OFFENDERS.size(); number++) {
      String source = number < OFFENDERS.size() ? OFFENDERS.get(number).source() : PURE;
      Path file = folder.resolve("Fixture" + number + ".java");
      Files.writeString(file, source.replaceAll("\\bFixture\\b", "Fixture" + number));
      arguments.add(file.toString());
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(status).as("javac takes all fixtures").isZero();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        COMPILED.put(name, Files.readAllBytes(file));
      }
    }
  }

  @ParameterizedTest(name = "number {0}")
  @MethodSource("numbers")
  void shouldFindWhatIsImpure(int number) {
    // given
    Offender offender = OFFENDERS.get(number);

    // when
    List<String> impurities = impurities(number);

    // then
    assertThat(impurities).as("%s", offender).anyMatch(text -> text.contains(offender.word()));
    assertThat(impurities).allMatch(text -> text.contains("(Fixture" + number + ".java:"));
  }

  @Test
  void shouldLetPureCodePass() {
    // given
    int pure = OFFENDERS.size();

    // when
    List<String> impurities = impurities(pure);

    // then
    assertThat(impurities).isEmpty();
  }

  @Test
  void shouldLookAtEveryClassOfPureCode() {
    // given
    PureCode pure = new PureCode("io.quorate");

    // when
    List<String> names = pureClasses(pure).map(JavaClass::getName).toList();

    // then
    assertThat(names).hasSizeGreaterThan(150).anyMatch(name -> name.contains("$"));
    assertThat(pure.stale(names)).as("entries of PureCode that mean nothing any more").isEmpty();
    assertThat(names).allMatch(pure::isPure).noneMatch(name -> name.contains(".row."));
  }

  @Test
  void shouldHoldInTheCode() {
    // given
    PureCode pure = new PureCode("io.quorate");

    // when
    List<String> impurities =
        pureClasses(pure)
            .flatMap(
                pureClass ->
                    PurityFence.impurities(byteCode(pureClass), pure.isExact(pureClass.getName()))
                        .stream())
            .distinct()
            .sorted()
            .toList();

    // then
    assertThat(impurities).as("what pure code must not do").isEmpty();
  }

  private static Stream<JavaClass> pureClasses(PureCode pure) {
    return CODE.stream()
        .filter(candidate -> pure.isPure(candidate.getName()))
        .filter(PurityFenceTest::isWrittenByHand);
  }

  private static boolean isWrittenByHand(JavaClass candidate) {
    String file = candidate.getSource().orElseThrow().getFileName().orElseThrow();
    return Sources.has(candidate.getPackageName(), file);
  }

  private static byte[] byteCode(JavaClass candidate) {
    URI uri = candidate.getSource().orElseThrow().getUri();
    try (InputStream bytes = uri.toURL().openStream()) {
      return bytes.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> impurities(int number) {
    return COMPILED.entrySet().stream()
        .filter(compiled -> compiled.getKey().matches("Fixture" + number + "(\\$.*)?"))
        .flatMap(compiled -> PurityFence.impurities(compiled.getValue(), true).stream())
        .toList();
  }

  private static List<Offender> offenders() {
    List<Offender> offenders = new ArrayList<>();
    FORMS.forEach(
        (form, text) ->
            Stream.of(EXPRESSIONS, CALCULATIONS)
                .flatMap(offences -> offences.entrySet().stream())
                .map(
                    offence ->
                        new Offender(
                            form,
                            text.replace("EXPRESSION", "(" + offence.getKey() + ")"),
                            offence.getValue()))
                .forEach(offenders::add));
    REFERENCES.forEach(
        (text, word) ->
            offenders.add(
                new Offender("a method reference", "class Fixture {" + text + "}", word)));
    MEMBERS.forEach(
        (text, word) ->
            offenders.add(new Offender("a member", "class Fixture {" + text + "}", word)));
    return offenders;
  }
}
