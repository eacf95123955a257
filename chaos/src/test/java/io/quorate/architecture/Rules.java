package io.quorate.architecture;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
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
  private static final String[] PURE = {
    "state", "access", "apply", "decide", "allocator", "effect"
  };

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

  ArchRule pureCodeSeesNoWorld() {
    return noClasses()
        .that(pure())
        .and(writtenByHand())
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                    "java.io..",
                    "java.net..",
                    "java.nio.file..",
                    "java.util.concurrent..",
                    "java.util.logging..",
                    "org.slf4j..",
                    "org.apache.logging..",
                    "io.vertx..",
                    "io.netty..",
                    "org.rocksdb..",
                    "com.alipay..",
                    root + ".log.raft..",
                    root + ".log.transport..")
                .and(DescribedPredicate.not(name("java.io.Serializable"))))
        .because(
            "a replica must come to the same state on every machine: let the leader's loop or a"
                + " face do it and pass the result in as a value");
  }

  ArchRule pureCodeReadsNoClockAndNoChance() {
    return noClasses()
        .that(pure())
        .and(writtenByHand())
        .should()
        .callMethodWhere(
            target(owner(nameMatching("java\\.time\\.[A-Za-z]+"))).and(target(name("now"))))
        .orShould()
        .callMethodWhere(
            target(
                nameMatching(
                    "nanoTime|currentTimeMillis|randomUUID|parallelStream|parallel|getenv|getProperty|identityHashCode")))
        .orShould()
        .callMethod(Math.class, "random")
        .orShould()
        .dependOnClassesThat(
            nameMatching(
                "java\\.(util\\.(Random|SplittableRandom|Timer)|time\\.Clock|security\\.SecureRandom|lang\\.Thread(Local)?)"))
        .because("time and ids come with the call: use the entry's time and the state's counters");
  }

  ArchRule packagesHaveTellingNames() {
    return noClasses()
        .should()
        .resideInAnyPackage(
            root + "..util..", root + "..common..", root + "..helper..", root + "..impl..")
        .because("a package is named after what it knows: name the idea, or move the class to it");
  }

  ArchRule packagesSayWhatTheyAre() {
    return classes()
        .that(resideInAPackage(root + ".."))
        .and(writtenByHand())
        .should(haveAPackageInfo())
        .because("package-info.java says purpose, threading and who may call");
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

  /** The masters' rules, and what of the driver knows neither clock nor network. */
  private DescribedPredicate<JavaClass> pure() {
    String[] packages = new String[PURE.length];
    for (int i = 0; i < PURE.length; i++) {
      packages[i] = root + ".master." + PURE[i] + "..";
    }
    return DescribedPredicate.or(
        resideInAnyPackage(packages),
        DescribedPredicate.describe(
            "are the driver's core",
            each ->
                each.getPackageName().equals(root + ".driver")
                    && each.getSimpleName().matches("ClientCore|Backoff")));
  }

  private ArchCondition<JavaClass> importOnlyAllowedModules() {
    return new ArchCondition<>("import only " + new TreeMap<>(IMPORTS)) {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        String from = module(item);
        Set<String> allowed =
            (item.getPackageName() + ".").startsWith(SIMULATOR + ".")
                ? IN_THE_SIMULATOR
                : IMPORTS.get(from);
        if (allowed == null) {
          String message = item.getName() + " is in no module that Rules.IMPORTS names; add it";
          events.add(SimpleConditionEvent.violated(item, message));
          return;
        }
        Set<String> wrong = new TreeSet<>();
        item.getDirectDependenciesFromSelf().stream()
            .filter(each -> each.getTargetClass().getPackageName().startsWith(root + "."))
            .filter(each -> !module(each.getTargetClass()).equals(from))
            .filter(each -> !allowed.contains(module(each.getTargetClass())))
            .forEach(each -> wrong.add(each.getDescription()));
        wrong.forEach(each -> events.add(SimpleConditionEvent.violated(item, each)));
      }
    };
  }

  /** The generated message classes carry no documentation of a package; their .proto files do. */
  private static DescribedPredicate<JavaClass> writtenByHand() {
    return DescribedPredicate.describe(
        "are written by hand",
        each ->
            !each.getPackageName()
                    .matches(
                        "io\\.quorate\\.(protocol\\.v1|protocol\\.agentlink|master\\.state\\.row).*")
                && !each.isAssignableTo("com.google.protobuf.Message")
                && !each.isAssignableTo("com.google.protobuf.MessageOrBuilder")
                && !each.isAssignableTo("com.google.protobuf.GeneratedFile")
                && !each.isAssignableTo("com.google.protobuf.ProtocolMessageEnum")
                && !each.getName().contains("$"));
  }

  private static ArchCondition<JavaClass> haveAPackageInfo() {
    return new ArchCondition<>("be in a package with a package-info.java") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        if (item.getPackage().tryGetPackageInfo().isEmpty() && !sourceIsThere(item)) {
          String message = item.getPackageName() + " has none (seen at " + item.getName() + ")";
          events.add(SimpleConditionEvent.violated(item, message));
        }
      }
    };
  }

  // A package-info without annotations leaves no class file, so the source is what can be asked.
  private static boolean sourceIsThere(JavaClass item) {
    return Sources.hasPackageInfo(item.getPackageName());
  }

  private String module(JavaClass item) {
    return item.getPackageName().substring(root.length() + 1).split("\\.", 2)[0];
  }
}
