package io.quorate.master.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.allocator.policy.AllocationPolicy;
import io.quorate.master.allocator.policy.Policies;
import io.quorate.master.event.ProposedOffer;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of docs/write-a-policy.md is a module that works. */
class PolicyExampleTest {
  private static final Path PAGE = Path.of("../docs/write-a-policy.md");
  private static final String SERVICE =
      "META-INF/services/io.quorate.master.allocator.policy.AllocationPolicy";

  @TempDir Path directory;

  private AllocationPolicy example() throws IOException, ReflectiveOperationException {
    String page = Files.readString(PAGE);
    int begin = page.indexOf("```java\n") + "```java\n".length();
    Path source = directory.resolve("com/example/TakingTurns.java");
    Files.createDirectories(source.getParent());
    Files.writeString(source, page.substring(begin, page.indexOf("```", begin)));
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-Xlint:all,-path",
                "-Werror",
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());
    assertThat(status).as("the example compiles").isZero();
    Path services = directory.resolve(SERVICE);
    Files.createDirectories(services.getParent());
    assertThat(page).contains(SERVICE).contains("`com.example.TakingTurns`");
    Files.writeString(services, "com.example.TakingTurns\n");
    ClassLoader loader =
        new URLClassLoader(
            new URL[] {directory.toUri().toURL()}, AllocationPolicy.class.getClassLoader());
    assertThat(Policies.all(loader).keySet())
        .containsExactlyInAnyOrder("drf", "priority", "random", "turns");
    return Policies.find(loader, "turns").orElseThrow();
  }

  @Test
  @DisplayName("the example policy is found by name and orders roles")
  void shouldTakeTurns() throws Exception {
    AllocatorSettings usual = AllocatorSettings.DEFAULT;
    AllocatorSettings settings =
        new AllocatorSettings(
            example(), usual.frameworks(), usual.worth(), usual.excluded(), usual.whitelist());
    assertThat(settings.builtIn()).isFalse();
    Cluster cluster = new Cluster("cpus:1;mem:64");
    cluster.agents(1);
    cluster.frameworks(3, true);
    Allocator allocator = new Allocator(settings);
    List<String> served = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      List<ProposedOffer> offers = allocator.propose(cluster.state(), cluster.takeChanges(), true);
      assertThat(allocator.policyFailure()).isEmpty();
      offers.forEach(offer -> served.add(offer.getRole()));
      cluster.decline(offers);
    }
    assertThat(served).startsWith("r0", "r1", "r2");
  }
}
