package io.quorate.agent.isolate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HostVariablesTest {
  @Test
  @DisplayName("what is the agent's own is not passed on to what it runs; language and path are")
  void shouldKeepTheAgentsOwn() {
    // given
    Map<String, String> environment =
        Map.of(
            "MESOS_WORK_DIR", "/var/lib/agent",
            "LIBPROCESS_SSL_KEY_FILE", "/etc/key",
            "QUORATE_JAVA_OPTS", "-Xmx1g",
            "JAVA_TOOL_OPTIONS", "-javaagent:x.jar",
            "JAVA_HOME", "/usr/lib/jvm",
            "HOME", "/root",
            "AWS_SECRET_ACCESS_KEY", "canary",
            "LC_ALL", "C.UTF-8",
            "PATH", "/bin");
    // when
    Map<String, String> passedOn = HostVariables.of(environment, Optional.empty());
    // then
    assertThat(passedOn).containsOnly(Map.entry("PATH", "/bin"), Map.entry("LC_ALL", "C.UTF-8"));
  }

  @Test
  @DisplayName("--executor_environment_variables stands in place of all that is passed on")
  void shouldPassOnWhatIsSaid() {
    // when
    Map<String, String> passedOn =
        HostVariables.of(Map.of("PATH", "/agents", "LANG", "de"), Optional.of(Map.of("A", "b")));
    // then
    assertThat(passedOn).containsOnlyKeys("PATH", "A");
    assertThat(passedOn.get("PATH")).isNotEqualTo("/agents");
  }
}
