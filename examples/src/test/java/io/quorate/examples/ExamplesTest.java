package io.quorate.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.cluster.HttpReader;
import io.quorate.cluster.LocalCluster;
import io.quorate.examples.crawl.CrawlerExample;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** All examples at once on one quorum, whose leader is killed as soon as their tasks run. */
@Tag("process")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExamplesTest {
  private static final Duration LONG = Duration.ofSeconds(150);
  private static final int INSTANCES = 3;

  private static final PrintStream OUT = System.out;

  @TempDir static Path directory;

  /** What programs printed that know no other place. */
  private static final ByteArrayOutputStream standardOut = new ByteArrayOutputStream();

  private static LocalCluster cluster;
  private static RunningExample hello;
  private static RunningExample python;
  private static RunningExample shell;
  private static RunningExample batch;
  private static RunningExample stateful;
  private static RunningExample crawler;
  private static RunningExample dropIn;
  private static RunningExample readme;
  private static ReadmeCode code;
  private static RunningExample keeper;
  private static PipedOutputStream commands;

  @BeforeAll
  static void run() throws IOException {
    System.setOut(new PrintStream(standardOut, true, StandardCharsets.UTF_8));
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"),
                3,
                2,
                0,
                "cpus:4;mem:4096;disk:1000;ports:[31000-32000]",
                false),
            List.of("--agent_ping_timeout=1secs", "--max_agent_ping_timeouts=5"),
            List.of(),
            new HttpReader());
    cluster.awaitServing(LONG);
    List<String> masters = cluster.masters();
    String addresses = String.join(",", masters);
    commands = new PipedOutputStream();
    PipedInputStream versions = new PipedInputStream(commands);
    say("while :; do sleep 1; done");
    keeper =
        RunningExample.of(
            out ->
                ServiceKeeper.run(
                    masters, INSTANCES, directory.resolve("keeper.id"), versions, out));
    await("the service").atMost(LONG).until(() -> keeper.count("3 run, 3 of version") > 0);
    hello = RunningExample.of(out -> HelloExample.run(masters, out));
    python = RunningExample.ofProcess("python3", "python/hello.py", addresses);
    shell = RunningExample.ofProcess("sh", "shell/hello.sh", addresses);
    batch = RunningExample.of(out -> LocalityBatch.run(masters, out));
    stateful = RunningExample.of(out -> StatefulExample.run(masters, out));
    crawler =
        RunningExample.of(
            out ->
                CrawlerExample.run(
                    masters, Path.of("python/render.py"), directory.resolve("site.dot"), out));
    dropIn = RunningExample.of(out -> DropInClasses.main(addresses));
    code = new ReadmeCode(directory);
    readme =
        RunningExample.of(out -> code.main("MyScheduler", addresses, code.command("MyExecutor")));
    await("tasks").atMost(LONG).until(() -> hello.count("TASK_RUNNING") > 0);
    int leader = cluster.awaitLeader(LONG);
    cluster.killMaster(leader);
  }

  @AfterAll
  static void stop() {
    System.setOut(OUT);
    cluster.close();
  }

  private static void say(String line) throws IOException {
    commands.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    commands.flush();
  }

  private static void awaitEnd(RunningExample example) {
    assertThat(example.over())
        .as("its end; it printed %s", example.printed())
        .succeedsWithin(LONG)
        .isEqualTo(0);
  }

  /** The number of an agent that runs an instance. */
  private static int agentOfAnInstance() throws IOException {
    String leader = cluster.masters().get(cluster.awaitLeader(LONG));
    JsonNode tasks = cluster.reader().get(leader, "/tasks?limit=1000").orElseThrow().path("tasks");
    JsonNode agents = cluster.reader().get(leader, "/slaves").orElseThrow().path("slaves");
    for (JsonNode task : tasks) {
      boolean instance = task.path("name").asText().startsWith("instance");
      for (JsonNode agent : agents) {
        String address = "127.0.0.1:" + agent.path("port").asInt();
        if (instance
            && task.path("state").asText().equals("TASK_RUNNING")
            && task.path("slave_id").equals(agent.path("id"))) {
          return cluster.agents().indexOf(address);
        }
      }
    }
    throw new AssertionError("no instance runs: " + tasks);
  }

  @Test
  @DisplayName("hello: ten tasks are finished, whoever leads")
  void shouldSayHello() {
    awaitEnd(hello);
    assertThat(hello.count("TASK_FINISHED")).isGreaterThanOrEqualTo(10);
  }

  @Test
  @DisplayName("Python: ten tasks are finished over plain HTTP, whoever leads")
  void shouldSayHelloInPython() {
    awaitEnd(python);
    assertThat(python.count("TASK_FINISHED")).isGreaterThanOrEqualTo(10);
  }

  @Test
  @DisplayName("shell: a task is finished over plain HTTP, whoever leads")
  void shouldSayHelloInTheShell() {
    awaitEnd(shell);
    assertThat(shell.printed()).contains(" TASK_FINISHED");
  }

  @Test
  @DisplayName("README: a scheduler of 30 lines runs a task of an executor of 20")
  void shouldRunTheReadme() {
    awaitEnd(readme);
    assertThat(standardOut.toString(StandardCharsets.UTF_8))
        .contains("TASK_RUNNING Done[]", "TASK_FINISHED Done[]");
    assertThat(code.sizes())
        .satisfiesExactly(
            scheduler -> assertThat(scheduler).isLessThanOrEqualTo(30),
            executor -> assertThat(executor).isLessThanOrEqualTo(20));
  }

  @Test
  @DisplayName("locality: a batch that waits for its data finds more of it")
  void shouldWaitForData() {
    awaitEnd(batch);
    Matcher found =
        Pattern.compile("waiting 0 s: (\\d+) %.*\nwaiting 5 s: (\\d+) %", Pattern.DOTALL)
            .matcher(batch.printed());
    assertThat(found.find()).as(batch.printed()).isTrue();
    assertThat(Integer.parseInt(found.group(2)))
        .as(batch.printed())
        .isGreaterThan(Integer.parseInt(found.group(1)));
  }

  @Test
  @DisplayName("stateful: each run finds what the one before it wrote, and the disk is given back")
  void shouldKeepState() {
    awaitEnd(stateful);
    assertThat(stateful.count("TASK_FINISHED")).isGreaterThanOrEqualTo(3);
    assertThat(stateful.printed()).contains("the volume is given back: Done");
  }

  @Test
  @DisplayName("crawler: two executors that were fetched read and draw each page of the site")
  void shouldCrawl() throws IOException {
    awaitEnd(crawler);
    assertThat(crawler.printed()).contains("8 pages");
    assertThat(Files.readString(directory.resolve("site.dot")))
        .contains("/volumes\" [image=", "/resources\" -> ");
  }

  @Test
  @DisplayName("drop-in: a framework on MesosSchedulerDriver runs, whoever leads")
  void shouldRunOnTheDropIn() {
    awaitEnd(dropIn);
    assertThat(standardOut.toString(StandardCharsets.UTF_8).lines())
        .filteredOn(line -> line.matches("dropin-\\d+ TASK_FINISHED"))
        .hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  @Order(Integer.MAX_VALUE) // It kills an agent.
  @DisplayName("service: instances are rolled over one by one, and outlive the loss of an agent")
  void shouldKeepAService() throws IOException {
    // when
    say("while :; do sleep 2; done");

    // then
    String version = Integer.toHexString("while :; do sleep 2; done".hashCode());
    await("the second version")
        .atMost(LONG)
        .until(() -> keeper.count("3 run, 3 of version " + version) > 0);
    assertThat(keeper.printed())
        .containsSubsequence("3 run, 1 of version " + version, "3 run, 2 of version " + version);

    // when
    cluster.killAgent(agentOfAnInstance());

    // then
    await("others in place of the instances that are lost")
        .atMost(LONG)
        .until(
            () -> {
              String printed = keeper.printed();
              int lost = printed.lastIndexOf("TASK_UNREACHABLE");
              return lost > 0 && printed.indexOf("3 run, 3 of version " + version, lost) > 0;
            });

    // when
    say("stop");

    // then
    awaitEnd(keeper);
  }
}
