package io.quorate.chaos.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every test that the page of conformance rests on ran in this build and passed. Runs by itself
 * after all other tests of all modules, see the pom of this module.
 */
class CitedTestsRanTest {

  @Test
  void shouldHaveRunAndPassed() throws IOException {
    Reports reports = new Reports(Citations.reactor());
    List<Citation> citations = Citations.all();
    List<String> objections = new ArrayList<>();
    for (Citation citation : citations) {
      reports.objection(citation).ifPresent(objections::add);
    }
    assertThat(citations).hasSizeGreaterThan(25);
    assertThat(objections).as("cited tests that did not run and pass").isEmpty();
  }
}
