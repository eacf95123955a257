package io.quorate.chaos.conformance;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** What the build wrote about the tests that it ran. */
final class Reports {
  private static final List<String> BAD = List.of("failure", "error", "skipped");

  private final Path reactor;

  Reports(Path reactor) {
    this.reactor = reactor;
  }

  /** Why the test of a citation does not count, or empty if it ran and passed. */
  Optional<String> objection(Citation citation) throws IOException {
    File report =
        reactor
            .resolve(citation.module())
            .resolve("target/surefire-reports/TEST-" + citation.className() + ".xml")
            .toFile();
    if (!report.isFile()) {
      return Optional.of(citation.text() + " did not run");
    }
    // A parameterised test is listed once for each argument: shouldStop{int}[1].
    Pattern name = Pattern.compile(Pattern.quote(citation.method()) + "([({\\[ ].*)?");
    List<Element> runs = new ArrayList<>();
    for (Element testCase : testCases(report)) {
      if (name.matcher(testCase.getAttribute("name")).matches()) {
        runs.add(testCase);
      }
    }
    if (runs.isEmpty()) {
      return Optional.of(citation.text() + " is not in its report");
    }
    return runs.stream()
        .flatMap(run -> BAD.stream().filter(bad -> run.getElementsByTagName(bad).getLength() > 0))
        .findFirst()
        .map(bad -> citation.text() + ": " + bad);
  }

  private static List<Element> testCases(File report) throws IOException {
    try {
      DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      DocumentBuilder builder = factory.newDocumentBuilder();
      NodeList found = builder.parse(report).getElementsByTagName("testcase");
      List<Element> cases = new ArrayList<>();
      for (int i = 0; i < found.getLength(); i++) {
        cases.add((Element) found.item(i));
      }
      return cases;
    } catch (ParserConfigurationException | SAXException e) {
      throw new IOException("the report cannot be read: " + report, e);
    }
  }
}
