package io.quorate.agent.docker.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.agent.isolate.ContainerResources;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.ContainerInfo.DockerInfo;
import io.quorate.protocol.v1.NetworkInfo;
import io.quorate.protocol.v1.Parameter;
import io.quorate.protocol.v1.RLimitInfo;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;

class CreateRequestsTest {
  private static final CommandInfo IMAGES_OWN = CommandInfo.newBuilder().setShell(false).build();

  private static JsonNode request(ContainerInfo.Builder info, CommandInfo command, String given) {
    List<Resource> resources = ResourceText.parse(given);
    return CreateRequests.of(
            new ContainerSpec(
                "id",
                CreateRequests.labels("agent", "id", "framework", "executor", "task"),
                info.build(),
                command,
                resources,
                ContainerResources.of(resources),
                false,
                Map.of("OWN", "value"),
                Path.of("/box"),
                volume -> Path.of("/volumes", volume.getDisk().getPersistence().getId())))
        .json();
  }

  private static JsonNode request(ContainerInfo.Builder info) {
    return request(info, IMAGES_OWN, "cpus:1;mem:64");
  }

  private static ContainerInfo.Builder docker(DockerInfo.Network network) {
    return ContainerInfo.newBuilder()
        .setType(ContainerInfo.Type.DOCKER)
        .setDocker(DockerInfo.newBuilder().setImage("image").setNetwork(network));
  }

  private static ContainerInfo.Builder with(String flag, String value) {
    ContainerInfo.Builder info = docker(DockerInfo.Network.HOST);
    info.getDockerBuilder().addParameters(Parameter.newBuilder().setKey(flag).setValue(value));
    return info;
  }

  private static Volume volume(String from, String to, Volume.Mode mode) {
    return Volume.newBuilder().setHostPath(from).setContainerPath(to).setMode(mode).build();
  }

  @ParameterizedTest
  @DisplayName("a parameter is the field of the Engine API that docker run's flag is")
  @CsvFileSource(resources = "parameters.csv", delimiter = '|', quoteCharacter = '`')
  void shouldMapParameters(String flag, String value, String field, String json) {
    // when
    JsonNode request = request(with(flag, value == null ? "" : value));
    // then
    assertThat(request.at(field).toString()).isEqualTo(json);
  }

  @ParameterizedTest
  @DisplayName("a parameter that cannot be set is refused by its name and with the rule")
  @CsvSource(
      delimiter = '|',
      value = {
        "nosuch|x|is no flag of docker run",
        "name|x|cannot be set: the agent names its containers",
        "restart|always|what starts a task again is its framework",
        "env-file|/etc/shadow|names a file of the agent's host",
        "security-opt|seccomp=/etc/x.json|and no file",
        "label|io.quorate.agent=other|must not begin with io.quorate.",
        "memory|much|must be a size",
        "health-interval|soon|must be a duration",
        "publish|80:70-71|must have ranges of one length",
        "publish|99999:80|must be a port from 1 to 65535",
        "mount|type=bind,what=x|has the unknown field 'what'",
        "ulimit|nofile|must be name=value",
        "privileged|maybe|must be true or false",
      })
  void shouldRefuseParameters(String flag, String value, String why) {
    assertThatThrownBy(() -> request(with(flag, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'container.docker.parameters' '" + flag + "' ")
        .hasMessageContaining(why);
  }

  @Test
  @DisplayName("a shell takes the place of the entrypoint, and else that gets value and arguments")
  void shouldMapCommands() {
    // given
    CommandInfo shell = CommandInfo.newBuilder().setValue("echo $A").build();
    CommandInfo words = IMAGES_OWN.toBuilder().setValue("a").addArguments("b c").build();
    // when
    JsonNode asShell = request(docker(DockerInfo.Network.HOST), shell, "cpus:1");
    JsonNode asWords = request(docker(DockerInfo.Network.HOST), words, "cpus:1");
    JsonNode asImage = request(docker(DockerInfo.Network.HOST));
    // then
    assertThat(asShell.path("Entrypoint").toString()).isEqualTo("[\"/bin/sh\"]");
    assertThat(asShell.path("Cmd").toString()).isEqualTo("[\"-c\",\"echo $A\"]");
    assertThat(asWords.has("Entrypoint")).isFalse();
    assertThat(asWords.path("Cmd").toString()).isEqualTo("[\"a\",\"b c\"]");
    assertThat(asImage.has("Cmd")).isFalse();
    assertThatThrownBy(
            () ->
                request(
                    docker(DockerInfo.Network.HOST), CommandInfo.getDefaultInstance(), "cpus:1"))
        .hasMessageContaining("'command.value' is not set");
  }

  @Test
  @DisplayName("networks, aliases and ports, which must be among those that the task was given")
  void shouldMapNetworks() {
    // given
    ContainerInfo.Builder user = docker(DockerInfo.Network.USER);
    user.addNetworkInfos(NetworkInfo.newBuilder().setName("net"));
    user.getDockerBuilder()
        .addParameters(Parameter.newBuilder().setKey("net-alias").setValue("db"))
        .addPortMappings(
            DockerInfo.PortMapping.newBuilder()
                .setHostPort(31000)
                .setContainerPort(53)
                .setProtocol("udp"));
    // when
    JsonNode request = request(user, IMAGES_OWN, "cpus:1;ports:[31000-31001]");
    // then
    assertThat(request.at("/HostConfig/NetworkMode").asText()).isEqualTo("net");
    assertThat(request.at("/NetworkingConfig/EndpointsConfig/net/Aliases").toString())
        .isEqualTo("[\"db\"]");
    assertThat(request.at("/HostConfig/PortBindings").toString())
        .isEqualTo("{\"53/udp\":[{\"HostIp\":\"\",\"HostPort\":\"31000\"}]}");
    assertThatThrownBy(() -> request(user, IMAGES_OWN, "cpus:1;ports:[31001-31002]"))
        .hasMessageContaining("port 31000 is not among the 'ports' that the task was given");
    assertThatThrownBy(() -> request(docker(DockerInfo.Network.USER)))
        .hasMessageContaining("'container.network_infos' must name the network");
    user.getDockerBuilder().setNetwork(DockerInfo.Network.HOST);
    assertThatThrownBy(() -> request(user, IMAGES_OWN, "cpus:1;ports:[31000-31001]"))
        .hasMessageContaining("go with the networks BRIDGE and USER, not with HOST");
  }

  @Test
  @DisplayName("volumes of the host, of the sandbox, of drivers, and the sandbox itself")
  void shouldMapVolumes() {
    // given
    ContainerInfo.Builder info = docker(DockerInfo.Network.NONE);
    info.addVolumes(volume("/a", "/b", Volume.Mode.RO))
        .addVolumes(volume("/a", "rel", Volume.Mode.RW))
        .addVolumes(volume("own/x", "/c", Volume.Mode.RW));
    info.addVolumesBuilder()
        .setMode(Volume.Mode.RW)
        .setContainerPath("/d")
        .getSourceBuilder()
        .setType(Volume.Source.Type.DOCKER_VOLUME)
        .getDockerVolumeBuilder()
        .setDriver("nfs")
        .setName("v");
    // when
    JsonNode host = request(info).path("HostConfig");
    // then
    assertThat(host.path("Binds").toString())
        .isEqualTo("[\"/a:/b:ro\",\"/a:/mnt/mesos/sandbox/rel:rw\"]");
    assertThat(host.path("Mounts").toString())
        .isEqualTo(
            "[{\"Type\":\"bind\",\"Source\":\"/box\",\"Target\":\"/mnt/mesos/sandbox\",\"ReadOnly\":false},"
                + "{\"Type\":\"bind\",\"Source\":\"/box/own/x\",\"Target\":\"/c\",\"ReadOnly\":false},"
                + "{\"Type\":\"volume\",\"Source\":\"v\",\"Target\":\"/d\",\"ReadOnly\":false,"
                + "\"VolumeOptions\":{\"DriverConfig\":{\"Name\":\"nfs\"}}}]");
    assertThat(CreateRequests.sandboxFolders(info.build())).containsExactly(Path.of("own/x"));
    assertThatThrownBy(
            () ->
                request(
                    docker(DockerInfo.Network.NONE)
                        .addVolumes(volume("../x", "/c", Volume.Mode.RW))))
        .hasMessageContaining("'host_path' must stay in the sandbox");
  }

  @Test
  @DisplayName("amounts, bounds of processes, environment and labels")
  void shouldMapTheRest() {
    // given
    ContainerInfo.Builder info = docker(DockerInfo.Network.HOST).setHostname("h");
    info.getRlimitInfoBuilder()
        .addRlimits(
            RLimitInfo.RLimit.newBuilder()
                .setType(RLimitInfo.RLimit.Type.RLMT_NOFILE)
                .setSoft(1)
                .setHard(2));
    // when
    JsonNode request = request(info, IMAGES_OWN, "cpus:0.5;mem:8;gpus:2");
    // then
    assertThat(request.at("/HostConfig/CpuShares").asInt()).isEqualTo(512);
    assertThat(request.at("/HostConfig/Memory").asLong()).isEqualTo(32L << 20);
    assertThat(request.at("/HostConfig/DeviceRequests/0/Count").asInt()).isEqualTo(2);
    assertThat(request.at("/HostConfig/Ulimits").toString())
        .isEqualTo("[{\"Name\":\"nofile\",\"Soft\":1,\"Hard\":2}]");
    assertThat(request.path("Env").toString())
        .isEqualTo(
            "[\"OWN=value\",\"MESOS_SANDBOX=/mnt/mesos/sandbox\",\"MESOS_CONTAINER_NAME=mesos-id\"]");
    assertThat(request.path("Labels").path("io.quorate.agent").asText()).isEqualTo("agent");
  }

  @Test
  @DisplayName("a limit above what was given is a quota, a hard and a soft bound")
  void shouldMapLimits() {
    // given
    var host = new com.fasterxml.jackson.databind.ObjectMapper().createObjectNode();
    long mib = 1 << 20;
    // when
    CreateRequests.amounts(host, new ContainerResources(1, 64 * mib, 2, 128 * mib, true), false);
    // then
    assertThat(host.toString())
        .isEqualTo(
            "{\"CpuShares\":1024,\"CpuPeriod\":100000,\"CpuQuota\":200000,"
                + "\"Memory\":134217728,\"MemoryReservation\":67108864}");
    assertThat(Optional.ofNullable(host.get("NanoCpus"))).isEmpty();
  }
}
