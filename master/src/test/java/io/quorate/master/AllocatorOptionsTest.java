package io.quorate.master;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.master.allocator.AllocatorSettings;
import io.quorate.master.allocator.policy.AllocationPolicy;
import io.quorate.master.allocator.policy.Sibling;
import io.quorate.protocol.resources.Quantities;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParameterException;

class AllocatorOptionsTest {
  @TempDir Path directory;

  @Command
  private static final class Holder {
    @Mixin private final AllocatorOptions options = new AllocatorOptions();
  }

  private static AllocatorSettings settings(String... arguments) throws IOException {
    Holder holder = new Holder();
    new CommandLine(holder).parseArgs(arguments);
    return holder.options.settings();
  }

  /** From a module's jar file. */
  public static final class ByName implements AllocationPolicy {
    @Override
    public String name() {
      return "by-name";
    }

    @Override
    public Comparator<Sibling> order(long round) {
      return Comparator.comparing(Sibling::name);
    }
  }

  @Test
  @DisplayName(
      "policies are chosen by name, also from a jar file; a wrong name lists the right ones")
  void shouldChoosePolicies() throws Exception {
    AllocatorSettings usual = settings();
    assertThat(usual.roles().name()).isEqualTo("drf");
    assertThat(usual.builtIn()).isTrue();
    assertThat(settings("--framework-sorter=random").frameworks().name()).isEqualTo("random");
    assertThatThrownBy(() -> settings("--role_sorter=by-name"))
        .isInstanceOf(ParameterException.class)
        .hasMessage("--role_sorter='by-name': the policies are drf, priority, random");
    try (JarOutputStream jar =
        new JarOutputStream(Files.newOutputStream(directory.resolve("module.jar")))) {
      jar.putNextEntry(new JarEntry("META-INF/services/" + AllocationPolicy.class.getName()));
      jar.write(ByName.class.getName().getBytes(StandardCharsets.UTF_8));
    }
    AllocatorSettings module = settings("--modules_dir=" + directory, "--role_sorter=by-name");
    assertThat(module.roles()).isInstanceOf(ByName.class);
    assertThat(module.builtIn()).isFalse();
  }

  @Test
  @DisplayName("the least, and what does not count, are read as Mesos writes them")
  void shouldReadTheRest() throws Exception {
    AllocatorSettings settings =
        settings(
            "--min_allocatable_resources=cpus:0.1;mem:64|gpus:1",
            "--fair_sharing_excluded_resource_names=gpus,disk");
    assertThat(settings.worth().least())
        .isEqualTo(
            List.of(
                Quantities.ofMillis(Map.of("cpus", 100L, "mem", 64_000L)),
                Quantities.ofMillis(Map.of("gpus", 1000L))));
    assertThat(settings.excluded()).containsExactlyInAnyOrder("gpus", "disk");
    assertThatThrownBy(() -> settings("--min_allocatable_resources=cpus:much"))
        .isInstanceOf(ParameterException.class)
        .hasMessageStartingWith("--min_allocatable_resources='cpus:much': ");
  }

  @Test
  @DisplayName("CP-359 the whitelist is a file, read again when it changes")
  void shouldFollowTheWhitelist() throws Exception {
    assertThat(settings().whitelist().get()).isEmpty();
    Path file = Files.writeString(directory.resolve("hosts"), "a\n\n b \n");
    AllocatorSettings settings = settings("--whitelist=file://" + file);
    assertThat(settings.whitelist().get()).contains(Set.of("a", "b"));
    Files.writeString(file, "c\n");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertThat(settings.whitelist().get()).contains(Set.of("c"));
    Files.delete(file);
    assertThat(settings.whitelist().get()).contains(Set.of("c"));
    assertThatThrownBy(() -> settings("--whitelist=" + file)).isInstanceOf(IOException.class);
  }
}
