package io.quorate.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The import rules for the packages below one root: {@code io.quorate}, or the fixture that breaks
 * them. Every message says what to do instead.
 */
final class Rules {
  /** The simulator has the real cores in its hands: that is what it is for. */
  private static final String SIMULATOR = "io.quorate.chaos.simulate";

  private static final Set<String> IN_THE_SIMULATOR =
      Set.of("protocol", "log", "master", "agent", "driver");

  /** What each module may import of the others: one way, as ARCHITECTURE.md draws it. */
  private static final Map<String, Set<String>> IMPORTS =
      Map.of(
          "protocol", Set.of(),
          "log", Set.of(),
          "master", Set.of("protocol", "log"),
          "agent", Set.of("protocol"),
          "driver", Set.of("protocol"),
          "cluster", Set.of("protocol", "driver"),
          "examples", Set.of("protocol", "driver"),
          "cli", Set.of("protocol", "driver", "cluster"),
          "chaos", Set.of("protocol", "driver", "cluster"));

  private final String root;

  Rules(String root) {
    this.root = root;
  }

  ArchRule importsRunOneWay() {
    return classes()
        .that(resideInAPackage(root + ".*.."))
        .should(importOnlyAllowedModules())
        .because(
            "imports run one way: what two modules share belongs in protocol, and cli and chaos"
                + " reach a master or an agent over HTTP or as a process");
  }

  ArchRule driverHasNoServerStack() {
    return noClasses()
        .that(resideInAPackage(root + ".driver.."))
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                "io.vertx..", "io.netty..", root + ".master..", root + ".agent..", root + ".log.."))
        .allowEmptyShould(true)
        .because("a framework's author takes few dependencies: use java.net.http in the driver");
  }

  ArchRule packagesHaveTellingNames() {
    return noClasses()
        .should()
        .resideInAnyPackage(
            root + "..util..", root + "..common..", root + "..helper..", root + "..impl..")
        .because("a package is named after what it knows: name the idea, or move the class to it");
  }

  ArchRule packagesHaveNoCycles() {
    return slices()
        .matching(root + ".(**)")
        .should()
        .beFreeOfCycles()
        // The main class of a daemon wires all of its packages together and nobody may call it.
        .ignoreDependency(simpleNameEndingWith("Main"), DescribedPredicate.alwaysTrue())
        .because("move what both need into the package that both may see");
  }

  private ArchCondition<JavaClass> importOnlyAllowedModules() {
    return new ArchCondition<>("import only " + new TreeMap<>(IMPORTS)) {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        String from = module(item);
        Set<String> allowed = isInTheSimulator(item) ? IN_THE_SIMULATOR : IMPORTS.get(from);
        if (allowed == null) {
          String message = item.getName() + " is in no module that Rules.IMPORTS names; add it";
          events.add(SimpleConditionEvent.violated(item, message));
          return;
        }
        Set<String> wrong = new TreeSet<>();
        for (Dependency dependency : item.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass();
          if (target.getPackageName().startsWith(root + ".")
              && !module(target).equals(from)
              && !allowed.contains(module(target))) {
            wrong.add(dependency.getDescription());
          }
        }
        wrong.forEach(message -> events.add(SimpleConditionEvent.violated(item, message)));
      }
    };
  }

  private boolean isInTheSimulator(JavaClass item) {
    return (item.getPackageName() + ".").startsWith(SIMULATOR + ".");
  }

  private String module(JavaClass item) {
    return item.getPackageName().substring(root.length() + 1).split("\\.", 2)[0];
  }
}
