package io.quorate.master.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.decide.validation.ContainerValidation;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.Image;
import io.quorate.protocol.v1.LinuxInfo;
import io.quorate.protocol.v1.NetworkInfo;
import io.quorate.protocol.v1.Volume;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ContainerFieldsTest {
  private static ContainerInfo.Builder container() {
    return ContainerInfo.newBuilder().setType(ContainerInfo.Type.MESOS);
  }

  @Test
  @DisplayName("what agents cannot do is refused by the name of its field")
  void shouldNameTheField() {
    Map<String, ContainerInfo.Builder> fields =
        Map.of(
            "volumes'",
            container()
                .addVolumes(
                    Volume.newBuilder()
                        .setMode(Volume.Mode.RW)
                        .setContainerPath("x")
                        .setHostPath("/x")),
            "network_infos'",
            container().addNetworkInfos(NetworkInfo.getDefaultInstance()),
            "hostname'",
            container().setHostname("x"),
            "linux_info'",
            container()
                .setType(ContainerInfo.Type.DOCKER)
                .setLinuxInfo(LinuxInfo.getDefaultInstance()),
            "volumes.image'",
            container()
                .setType(ContainerInfo.Type.DOCKER)
                .addVolumes(
                    Volume.newBuilder()
                        .setMode(Volume.Mode.RW)
                        .setContainerPath("x")
                        .setImage(Image.newBuilder().setType(Image.Type.DOCKER))));
    fields.forEach(
        (field, container) ->
            assertThat(ContainerValidation.unsupported("Task", container.build()))
                .contains("Task's 'container." + field + " is not part of this release"));
    assertThat(ContainerValidation.unsupported("Task", container().build())).isEmpty();
    ContainerInfo docker =
        container()
            .setType(ContainerInfo.Type.DOCKER)
            .setHostname("x")
            .addNetworkInfos(NetworkInfo.newBuilder().setName("net"))
            .build();
    assertThat(ContainerValidation.unsupported("Task", docker)).isEmpty();
  }
}
