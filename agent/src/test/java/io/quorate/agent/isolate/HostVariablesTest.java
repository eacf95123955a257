package io.quorate.agent.isolate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HostVariablesTest {
  @Test
  @DisplayName("what configures the agent is not passed on to what it runs; what is the host's is")
  void shouldRemoveTheAgentsOwn() {
    // given
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "MESOS_WORK_DIR", "/var/lib/agent",
                "LIBPROCESS_SSL_KEY_FILE", "/etc/key",
                "QUORATE_JAVA_OPTS", "-Xmx1g",
                "JAVA_TOOL_OPTIONS", "-javaagent:x.jar",
                "JAVA_HOME", "/usr/lib/jvm",
                "PATH", "/bin"));
    // when
    HostVariables.removeAgentsOwn(environment);
    // then
    assertThat(environment).containsOnlyKeys("JAVA_HOME", "PATH");
  }
}
