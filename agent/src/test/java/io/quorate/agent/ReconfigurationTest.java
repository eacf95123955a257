package io.quorate.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.agent.store.JournalFile;
import io.quorate.agent.store.record.Identity;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.protocol.resources.AttributeText;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.AgentInfo;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReconfigurationTest {
  @TempDir Path workDir;

  private static AgentInfo agent(String resources, String attributes, String region) {
    AgentInfo.Builder info =
        AgentInfo.newBuilder()
            .setHostname("127.0.0.1")
            .setPort(0)
            .addAllResources(ResourceText.parse(resources))
            .addAllAttributes(AttributeText.parse(attributes));
    if (!region.isEmpty()) {
      info.getDomainBuilder().getFaultDomainBuilder().getRegionBuilder().setName(region);
      info.getDomainBuilder().getFaultDomainBuilder().getZoneBuilder().setName("z");
    }
    return info.build();
  }

  private static final AgentInfo BEFORE = agent("cpus:4;mem:1024", "rack:r1", "");

  private static boolean allows(Reconfiguration policy, AgentInfo now) {
    return policy.validate(BEFORE, now).isEmpty();
  }

  @Test
  @DisplayName("CP-304 under policy equal an agent with other resources refuses to start")
  void shouldRefuseToStart() throws IOException {
    try (JournalFile journal = new JournalFile(workDir.resolve("meta"))) {
      assertThat(journal.read()).isEmpty();
      journal.append(
          JournalRecord.newBuilder()
              .setIdentity(Identity.newBuilder().setRegistrationId("r").setAgentId("S0"))
              .build());
      journal.append(JournalRecord.newBuilder().setIntroduced(BEFORE).build());
      journal.sync();
    }
    CommandLine line =
        new CommandLine(new AgentMain())
            .setExecutionExceptionHandler(
                (failure, command, result) -> {
                  throw failure;
                });
    assertThatThrownBy(
            () -> {
              CommandLine.ParseResult parsed =
                  line.parseArgs(
                      "--master=127.0.0.1:1",
                      "--port=0",
                      "--resources=cpus:8;mem:1024",
                      "--attributes=rack:r1",
                      "--work_dir=" + workDir);
              AgentMain main = parsed.commandSpec().commandLine().getCommand();
              main.call();
            })
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--resources was cpus:4")
        .hasMessageContaining("--reconfiguration_policy=equal");
  }

  @Test
  @DisplayName("CP-305 policy additive accepts more resources and attributes, and a first domain")
  void shouldAcceptMore() {
    AgentInfo more = agent("cpus:8;mem:1024;disk:10", "rack:r1;zone:z1", "europe");
    assertThat(allows(Reconfiguration.ADDITIVE, more)).isTrue();
    assertThat(allows(Reconfiguration.EQUAL, more)).isFalse();
    assertThat(allows(Reconfiguration.ANY, more)).isTrue();
    assertThat(allows(Reconfiguration.EQUAL, BEFORE)).isTrue();
  }

  @Test
  @DisplayName("CP-305 policy additive refuses less, and another name, port or domain")
  void shouldRefuseLess() {
    Reconfiguration policy = Reconfiguration.ADDITIVE;
    assertThat(allows(policy, agent("cpus:2;mem:1024", "rack:r1", ""))).isFalse();
    assertThat(allows(policy, agent("cpus:4;mem:1024", "rack:r2", ""))).isFalse();
    assertThat(allows(policy, BEFORE.toBuilder().setHostname("other").build())).isFalse();
    assertThat(allows(policy, BEFORE.toBuilder().setPort(1).build())).isFalse();
    AgentInfo europe = agent("cpus:4", "", "europe");
    assertThat(policy.validate(europe, agent("cpus:4", "", "asia"))).isPresent();
    assertThat(policy.validate(europe, agent("cpus:4", "", "europe"))).isEmpty();
  }
}
