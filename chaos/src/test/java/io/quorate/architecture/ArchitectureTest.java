package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the code of all modules to {@link Rules}. */
class ArchitectureTest {
  private static final JavaClasses CODE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.quorate");
  private static final JavaClasses FIXTURE =
      new ClassFileImporter().importPackages("io.quorate.architecture.fixture");
  private static final Map<String, Function<Rules, ArchRule>> RULES =
      Map.of(
          "imports run one way", Rules::importsRunOneWay,
          "the driver has no server stack", Rules::driverHasNoServerStack,
          "packages have telling names", Rules::packagesHaveTellingNames,
          "packages have no cycles", Rules::packagesHaveNoCycles);

  static Set<String> rules() {
    return RULES.keySet();
  }

  @Test
  void shouldSeeTheMainModules() {
    assertThat(Set.of("io.quorate.protocol", "io.quorate.log", "io.quorate.master"))
        .as("packages on the test's class path")
        .allMatch(CODE::containPackage);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void shouldHoldInTheCode(String rule) {
    RULES.get(rule).apply(new Rules("io.quorate")).check(CODE);
  }

  @ParameterizedTest
  @MethodSource("rules")
  void shouldFailOnTheFixture(String rule) {
    ArchRule broken = RULES.get(rule).apply(new Rules("io.quorate.architecture.fixture"));
    assertThatThrownBy(() -> broken.check(FIXTURE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("because");
  }
}
