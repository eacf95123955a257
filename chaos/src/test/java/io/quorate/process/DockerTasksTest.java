package io.quorate.process;

import static io.quorate.process.ExecutorBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.ContainerInfo.DockerInfo;
import io.quorate.protocol.v1.Environment;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Parameter;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.Volume;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks in containers of a real Docker daemon. */
@Tag("process")
class DockerTasksTest {
  private static final String FOR_EVER = "while :; do sleep 0.1; done";
  private static final String COUNTS =
      "i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo line $i; sleep 0.1; done; exit 7";

  @TempDir static Path directory;
  private static LocalCluster cluster;
  private static int port;
  private ExecutorBench bench;
  private Hand hand;

  @BeforeAll
  static void startCluster() throws IOException {
    DockerBench.prepare(directory);
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"),
                1,
                1,
                0,
                "cpus:8;mem:4096;disk:1000;ports:[" + port + "-" + port + "]",
                false),
            List.of("--containerizers=docker,mesos", "--docker_remove_delay=1secs"));
    cluster.awaitServing(LONG);
  }

  @AfterAll
  static void stopCluster() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @BeforeEach
  void start() {
    bench = new ExecutorBench(cluster);
    hand = bench.hand;
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  private static TaskInfo.Builder task(
      Offer offer, String id, CommandInfo.Builder command, DockerInfo.Builder docker) {
    return Hand.task(offer, id, "")
        .setCommand(command)
        .setContainer(
            ContainerInfo.newBuilder().setType(ContainerInfo.Type.DOCKER).setDocker(docker));
  }

  private static CommandInfo.Builder shell(String script) {
    return CommandInfo.newBuilder().setValue(script);
  }

  private static DockerInfo.Builder image(DockerInfo.Network network) {
    return DockerInfo.newBuilder().setImage(DockerBench.IMAGE).setNetwork(network);
  }

  private static Volume volume(String from, String to, Volume.Mode mode) {
    return Volume.newBuilder().setHostPath(from).setContainerPath(to).setMode(mode).build();
  }

  /** The web server of somebody's compose file: all that such a task has. */
  private TaskInfo.Builder web(Offer offer) throws IOException {
    Path shared = Files.createDirectories(directory.resolve("shared"));
    Files.writeString(shared.resolve("index.html"), "hello from a container");
    TaskInfo.Builder task =
        task(
            offer,
            "web",
            shell(
                "trap 'echo asked; exit 5' TERM; echo $GREETING; hostname; echo to stderr >&2;"
                    + " echo mine >$MESOS_SANDBOX/mine; echo kept >data/kept; touch /www/x;"
                    + " ulimit -n; httpd -p 80 -h /www; "
                    + FOR_EVER),
            image(DockerInfo.Network.BRIDGE)
                .addParameters(Parameter.newBuilder().setKey("ulimit").setValue("nofile=123:456"))
                .addParameters(
                    Parameter.newBuilder().setKey("workdir").setValue("/mnt/mesos/sandbox"))
                .addPortMappings(
                    DockerInfo.PortMapping.newBuilder().setHostPort(port).setContainerPort(80)));
    task.addResources(
        Resource.newBuilder()
            .setName("ports")
            .setType(Value.Type.RANGES)
            .setRanges(
                Value.Ranges.newBuilder()
                    .addRange(Value.Range.newBuilder().setBegin(port).setEnd(port))));
    task.getCommandBuilder()
        .getEnvironmentBuilder()
        .addVariables(Environment.Variable.newBuilder().setName("GREETING").setValue("good day"));
    task.getContainerBuilder()
        .setHostname("webhost")
        .addVolumes(volume(shared.toString(), "/www", Volume.Mode.RO))
        .addVolumes(volume("own", "/mnt/mesos/sandbox/data", Volume.Mode.RW));
    task.getHealthCheckBuilder()
        .setType(HealthCheck.Type.HTTP)
        .setDelaySeconds(0)
        .setIntervalSeconds(0.2)
        .getHttpBuilder()
        .setPort(80)
        .setPath("/index.html");
    task.getKillPolicyBuilder().getGracePeriodBuilder().setNanoseconds(60_000_000_000L);
    return task;
  }

  @Test
  @DisplayName("CP-344, CP-346 a web server in a bridge, with all that a compose file says of it")
  void shouldServe() throws Exception {
    // given
    Offer offer = bench.offer();
    // when
    hand.accept(offer, Hand.launch(web(offer)));
    // then
    TaskStatus running = hand.awaitState("web", TaskState.TASK_RUNNING);
    String address =
        running.getContainerStatus().getNetworkInfos(0).getIpAddresses(0).getIpAddress();
    assertThat(running.getData().toStringUtf8()).startsWith("[{").contains(address);
    assertThat(address).isNotEqualTo("127.0.0.1");
    await("it is healthy")
        .atMost(LONG)
        .until(() -> hand.statuses("web").stream().anyMatch(TaskStatus::getHealthy));
    HttpResponse<String> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/")).build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(answer.body()).isEqualTo("hello from a container");
    bench.awaitLine("web", "123");
    assertThat(bench.lines("web")).containsExactly("good day", "webhost", "123");
    assertThat(bench.sandbox("web").resolve("stderr"))
        .content()
        .contains("to stderr")
        .contains("Read-only file system");
    assertThat(bench.sandbox("web").resolve("mine")).hasContent("mine");
    assertThat(bench.sandbox("web").resolve("own/kept")).hasContent("kept");
    // when
    String container = running.getContainerStatus().getContainerId().getValue();
    bench.kill("web", 60_000_000_000L);
    // then
    TaskStatus killed = hand.awaitState("web", TaskState.TASK_KILLED);
    assertThat(killed.getMessage()).isEqualTo("Container exited with status 5");
    assertThat(bench.lines("web")).endsWith("asked");
    await("it is removed")
        .atMost(LONG)
        .until(() -> DockerBench.containers("io.quorate.container=" + container).isEmpty());
  }

  @Test
  @DisplayName("the image's entrypoint gets the arguments, and a checked command runs inside")
  void shouldRunWhatTheImageSays() {
    // given
    Offer offer = bench.offer();
    DockerInfo.Builder speaker =
        DockerInfo.newBuilder().setImage(DockerBench.SPEAKER).setNetwork(DockerInfo.Network.NONE);
    CommandInfo.Builder plain = CommandInfo.newBuilder().setShell(false);
    TaskInfo.Builder checked =
        task(offer, "checked", shell("touch /inside; " + FOR_EVER), image(DockerInfo.Network.HOST));
    checked
        .getHealthCheckBuilder()
        .setType(HealthCheck.Type.COMMAND)
        .setDelaySeconds(0)
        .setIntervalSeconds(0.2)
        .getCommandBuilder()
        .setValue("test -e /inside");
    // when
    hand.accept(
        offer,
        Hand.launch(task(offer, "itself", plain.clone(), speaker)),
        Hand.launch(task(offer, "told", plain.clone().setValue("a").addArguments("b c"), speaker)),
        Hand.launch(checked));
    // then
    assertThat(hand.awaitState("itself", TaskState.TASK_FINISHED).getMessage())
        .isEqualTo("Container exited with status 0");
    assertThat(bench.lines("itself")).containsExactly("says nothing");
    hand.awaitState("told", TaskState.TASK_FINISHED);
    assertThat(bench.lines("told")).containsExactly("says a b c");
    await("it is healthy")
        .atMost(LONG)
        .until(() -> hand.statuses("checked").stream().anyMatch(TaskStatus::getHealthy));
  }

  private void assertRefused(String task, String why) {
    TaskStatus failed = hand.awaitState(task, TaskState.TASK_FAILED);
    assertThat(failed.getReason()).isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED);
    assertThat(failed.getMessage()).startsWith("Failed to launch: ").contains(why);
  }

  @Test
  @DisplayName("what cannot be run is told with words that say why, and so is an end for memory")
  void shouldTellFailures() {
    // given
    Offer offer = bench.offer();
    DockerInfo.Builder missing = DockerInfo.newBuilder().setImage("127.0.0.1:1/nobody/nothing:7");
    DockerInfo.Builder odd = image(DockerInfo.Network.HOST);
    odd.addParametersBuilder().setKey("no-such-flag").setValue("x");
    DockerInfo.Builder port = image(DockerInfo.Network.BRIDGE);
    port.addPortMappingsBuilder().setHostPort(9).setContainerPort(80);
    // when
    hand.accept(
        offer,
        Hand.launch(task(offer, "missing", shell("true"), missing)),
        Hand.launch(task(offer, "odd", shell("true"), odd)),
        Hand.launch(task(offer, "port", shell("true"), port)),
        Hand.launch(
            task(offer, "greedy", shell("exec tail /dev/zero"), image(DockerInfo.Network.NONE))));
    // then
    assertRefused("missing", "the image '127.0.0.1:1/nobody/nothing:7' cannot be pulled: ");
    assertRefused("odd", "'no-such-flag' is no flag of docker run");
    assertRefused("port", "port 9 is not among the 'ports' that the task was given");
    TaskStatus greedy = hand.awaitState("greedy", TaskState.TASK_FAILED);
    assertThat(greedy.getReason()).isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LIMITATION_MEMORY);
    assertThat(greedy.getMessage()).startsWith("Memory limit exceeded: Requested: 32MB");
  }

  @Test
  @DisplayName("containers outlive their agent; what it does not know is removed, and nothing else")
  void shouldOutliveAgent() throws Exception {
    // given
    Offer offer = bench.offer();
    hand.accept(
        offer,
        Hand.launch(task(offer, "counts", shell(COUNTS), image(DockerInfo.Network.HOST))),
        Hand.launch(task(offer, "stays", shell(FOR_EVER), image(DockerInfo.Network.BRIDGE))));
    hand.awaitState("stays", TaskState.TASK_RUNNING);
    bench.awaitLine("counts", "line 2");
    // when
    cluster.killAgent(0);
    String label = "io.quorate.agent=" + offer.getAgentId().getValue();
    orphan("quorate-test-orphan", label);
    orphan("quorate-test-other", "io.quorate.agent=other");
    cluster.restartAgent(0);
    // then
    assertThat(hand.awaitState("counts", TaskState.TASK_FAILED).getMessage())
        .isEqualTo("Container exited with status 7");
    assertThat(bench.lines("counts"))
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 60).mapToObj(number -> "line " + number).toList());
    await("the orphan is removed")
        .atMost(LONG)
        .until(
            () ->
                DockerBench.containers(label).stream()
                    .noneMatch(container -> container.contains("orphan")));
    assertThat(DockerBench.containers("io.quorate.agent=other"))
        .containsExactly("quorate-test-other running");
    DockerBench.run("docker", "rm", "-f", "quorate-test-other");
    bench.kill("stays", 0);
    assertThat(hand.awaitState("stays", TaskState.TASK_KILLED).getMessage())
        .isEqualTo("Container exited with status 137");
  }

  private static void orphan(String name, String label) throws IOException {
    DockerBench.run(
        "docker", "run", "-d", "--name", name, "--label", label, DockerBench.IMAGE, "sleep", "999");
  }
}
