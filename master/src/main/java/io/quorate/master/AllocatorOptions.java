package io.quorate.master;

import io.quorate.master.allocator.AllocatorSettings;
import io.quorate.master.allocator.WorthOffering;
import io.quorate.master.allocator.policy.AllocationPolicy;
import io.quorate.master.allocator.policy.Policies;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.text.DurationConverter;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of the allocator. */
final class AllocatorOptions {
  @Spec(Target.MIXEE)
  private CommandSpec command;

  @Option(
      names = {"--allocation_interval", "--allocation-interval"},
      converter = DurationConverter.class,
      description = "Between two allocation rounds over all agents (default: 1secs).")
  private Duration interval = Duration.ofSeconds(1);

  @Option(
      names = {"--offer_timeout", "--offer-timeout"},
      converter = DurationConverter.class,
      description =
          "After this an unanswered offer is rescinded; 0secs for never (default: 5mins).")
  private Duration offerTimeout = Duration.ofMinutes(5);

  @Option(
      names = {"--role_sorter", "--role-sorter"},
      description = "Which role comes first: drf, priority, random or a module (default: drf).")
  private String roleSorter = "drf";

  @Option(
      names = {"--framework_sorter", "--framework-sorter"},
      description = "The same for the frameworks of a role (default: drf).")
  private String frameworkSorter = "drf";

  @Option(
      names = {"--modules_dir", "--modules-dir"},
      description = "Directory whose jar files may have further policies (default: none).")
  private Path modulesDir;

  @Option(
      names = {"--allocation_timeout", "--allocation-timeout"},
      converter = DurationConverter.class,
      description = "How long a round by a policy from a module may take (default: 10secs).")
  private Duration timeout = Duration.ofSeconds(10);

  @Option(
      names = "--whitelist",
      description =
          "File with the hostnames, one a line, whose agents are offered; read again when it"
              + " changes (default: all are).")
  private String whitelist;

  @Option(
      names = {"--fair_sharing_excluded_resource_names", "--fair-sharing-excluded-resource-names"},
      split = ",",
      description = "Scalars that do not count in shares (default: none).")
  private List<String> excluded = List.of();

  @Option(
      names = {"--min_allocatable_resources", "--min-allocatable-resources"},
      description = "The least that is offered; any of these (default: cpus:0.01|mem:32).")
  private String least = "cpus:0.01|mem:32";

  Duration interval() {
    return interval;
  }

  Duration offerTimeout() {
    return offerTimeout;
  }

  Duration timeout() {
    return timeout;
  }

  /**
   * @throws ParameterException for a policy that there is not, or a least that is none
   */
  AllocatorSettings settings() throws IOException {
    ClassLoader loader = modules();
    return new AllocatorSettings(
        policy(loader, "--role_sorter", roleSorter),
        policy(loader, "--framework_sorter", frameworkSorter),
        new WorthOffering(least()),
        new TreeSet<>(excluded),
        Whitelist.of(whitelist));
  }

  private AllocationPolicy policy(ClassLoader loader, String option, String name) {
    TreeMap<String, AllocationPolicy> all = Policies.all(loader);
    AllocationPolicy policy = all.get(name);
    if (policy == null) {
      throw validate(
          option + "='" + name + "': the policies are " + String.join(", ", all.keySet()));
    }
    return policy;
  }

  private ClassLoader modules() throws IOException {
    ClassLoader own = AllocationPolicy.class.getClassLoader();
    if (modulesDir == null) {
      return own;
    }
    List<URL> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(modulesDir, "*.jar")) {
      for (Path file : files) {
        jars.add(url(file));
      }
    }
    return new URLClassLoader(jars.toArray(URL[]::new), own);
  }

  private static URL url(Path file) throws MalformedURLException {
    return file.toUri().toURL();
  }

  private List<Quantities> least() {
    List<Quantities> alternatives = new ArrayList<>();
    for (String alternative : least.split("\\|")) {
      if (!alternative.isBlank()) {
        try {
          alternatives.add(Quantities.of(Resources.of(ResourceText.parse(alternative.trim()))));
        } catch (IllegalArgumentException e) {
          throw validate("--min_allocatable_resources='" + least + "': " + e.getMessage());
        }
      }
    }
    return alternatives;
  }

  private ParameterException validate(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
