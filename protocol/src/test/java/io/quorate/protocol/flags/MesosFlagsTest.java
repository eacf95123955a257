package io.quorate.protocol.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

class MesosFlagsTest {
  /** A daemon with one of Mesos's flags. */
  private static CommandLine daemon() {
    return new CommandLine(
        CommandSpec.create()
            .addOption(OptionSpec.builder("--isolation").type(String.class).build()));
  }

  private static String[] own(String... arguments) {
    return MesosFlags.ofAgent().own(daemon(), arguments, Map.of());
  }

  @Test
  @DisplayName("values that mean what is done anyway are taken, in each of the ways to write them")
  void shouldTakeWhatIsDoneAnyway() {
    assertThat(
            own(
                "--isolation=posix/cpu",
                "--launcher=linux",
                "--launcher",
                "posix",
                "--docker_volume_chown=false",
                "--recover=reconnect",
                "--strict",
                "--docker=/usr/bin/docker",
                "--no-enforce-container-ports",
                "--other=1"))
        .containsExactly("--isolation=posix/cpu", "--other=1");
  }

  @Test
  @DisplayName("other values are refused with the flag, the rule and what to do")
  void shouldRefuseTheRest() {
    assertThatThrownBy(() -> own("--docker_volume_chown=true"))
        .hasMessage("--docker_volume_chown can only be false in this release, not 'true'");
    assertThatThrownBy(() -> own("--no-strict")).hasMessageContaining("--strict can only be true");
    assertThatThrownBy(() -> own("--recover=cleanup")).hasMessageContaining("drain the agent");
    assertThatThrownBy(() -> own("--image_providers=docker"))
        .hasMessage("--image_providers is not part of this release");
    assertThatThrownBy(
            () ->
                MesosFlags.ofMaster()
                    .own(daemon(), new String[] {"--zk", "zk://a:2181/mesos"}, Map.of()))
        .hasMessageContaining("there is no ZooKeeper: use --quorum=");
  }

  @Test
  @DisplayName("zk:// in --master is refused with what to write instead")
  void shouldSayWhatToWriteInsteadOfZooKeeper() {
    assertThat(MesosFlags.validateMasters(List.of("zk://a:2181", "b:2181/mesos")))
        .hasValueSatisfying(why -> assertThat(why).contains("--master=m1:5050,m2:5050,m3:5050"));
    assertThat(MesosFlags.validateMasters(List.of("m1:5050", "[::1]:5050"))).isEmpty();
  }
}
