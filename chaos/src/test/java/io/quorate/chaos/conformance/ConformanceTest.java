package io.quorate.chaos.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of conformance, the points and the tests that cite them agree. */
class ConformanceTest {
  private static final Path PAGE = Citations.reactor().resolve("docs/conformance.md");

  private static final Points POINTS = Points.read();
  private static final Differences DIFFERENCES = Differences.read();
  private static List<Citation> citations;

  @BeforeAll
  static void read() throws IOException {
    citations = Citations.all();
    if (Boolean.getBoolean("conformance.write")) {
      Files.writeString(PAGE, ConformancePage.of(POINTS, citations, DIFFERENCES));
    }
  }

  @Test
  void shouldHaveTheWholeList() {
    assertThat(POINTS.byId()).hasSize(464);
    assertThat(POINTS.byId().keySet()).first().isEqualTo("CP-001");
    assertThat(POINTS.strayLater()).as("later.txt names no point or section").isEmpty();
  }

  @Test
  void shouldLookIntoModulesWithinModules() {
    assertThat(Citations.modules().stream().map(Citations::name))
        .contains("master", "driver", "driver/mesos");
    assertThat(citations.stream().map(Citation::module)).contains("driver/mesos");
  }

  @Test
  void shouldCiteOnlyPointsThatThereAre() {
    Map<String, String> stray = new TreeMap<>();
    for (Citation citation : citations) {
      for (String id : citation.points()) {
        if (!POINTS.byId().containsKey(id)) {
          stray.put(id, citation.text());
        }
      }
    }
    assertThat(citations).as("tests that cite a point").hasSizeGreaterThan(25);
    assertThat(stray).as("cited, but there is no such point").isEmpty();
    assertThat(POINTS.byId().keySet())
        .as("points of differences.txt")
        .containsAll(DIFFERENCES.points().keySet());
  }

  @Test
  void shouldNotPassAndDiffer() {
    TreeSet<String> both = new TreeSet<>(DIFFERENCES.points().keySet());
    both.removeIf(id -> citations.stream().noneMatch(citation -> citation.points().contains(id)));
    assertThat(both).as("points that a test cites and differences.txt states").isEmpty();
  }

  @Test
  void shouldHaveAPageThatSaysWhatTheTestsDo() throws IOException {
    assertThat(Files.readString(PAGE))
        .as("docs/conformance.md: make it anew with ./quorate conformance")
        .isEqualTo(ConformancePage.of(POINTS, citations, DIFFERENCES));
  }

  @Test
  void shouldTellWhatAReportSays(@TempDir Path reactor) throws IOException {
    Reports reports = new Reports(reactor);
    Path folder = Files.createDirectories(reactor.resolve("master/target/surefire-reports"));
    Files.writeString(
        folder.resolve("TEST-a.BTest.xml"),
        """
        <testsuite>
          <testcase name="shouldPass" classname="a.BTest"/>
          <testcase name="shouldPassTwice{int}[1]" classname="a.BTest"/>
          <testcase name="shouldPassTwice{int}[2]" classname="a.BTest"/>
          <testcase name="shouldPassOnce{int}[1]" classname="a.BTest"/>
          <testcase name="shouldPassOnce{int}[2]" classname="a.BTest"><failure/></testcase>
          <testcase name="shouldBeSkipped" classname="a.BTest"><skipped/></testcase>
        </testsuite>
        """);
    assertThat(reports.objection(citation("a.BTest", "shouldPass"))).isEmpty();
    assertThat(reports.objection(citation("a.BTest", "shouldPassTwice"))).isEmpty();
    assertThat(reports.objection(citation("a.BTest", "shouldPassOnce")))
        .isEqualTo(Optional.of("BTest.shouldPassOnce: failure"));
    assertThat(reports.objection(citation("a.BTest", "shouldBeSkipped")))
        .isEqualTo(Optional.of("BTest.shouldBeSkipped: skipped"));
    assertThat(reports.objection(citation("a.BTest", "shouldBe")))
        .isEqualTo(Optional.of("BTest.shouldBe is not in its report"));
    assertThat(reports.objection(citation("a.CTest", "shouldPass")))
        .isEqualTo(Optional.of("CTest.shouldPass did not run"));
  }

  private static Citation citation(String className, String method) {
    return new Citation("master", className, method, new TreeSet<>(List.of("CP-001")));
  }
}
