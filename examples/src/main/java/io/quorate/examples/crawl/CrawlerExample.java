package io.quorate.examples.crawl;

import static io.quorate.driver.ScalarResources.amount;
import static io.quorate.driver.ScalarResources.scalar;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.quorate.driver.CallFactory;
import io.quorate.driver.ExecutorClient;
import io.quorate.driver.SchedulerClient;
import io.quorate.protocol.TaskStates;
import io.quorate.protocol.text.MesosDurations;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Crawls a site, in the manner of RENDLER. Two custom executors, which agents fetch by their
 * addresses, do the work and answer in messages: one finds the links of a page, one draws its
 * picture. The graph of the site is written as DOT, and drawn if graphviz is there.
 */
public final class CrawlerExample {
  private static final double EXECUTOR_CPUS = 0.1;
  private static final double EXECUTOR_MEM = 128;
  private static final double TASK_CPUS = 0.05;
  private static final double TASK_MEM = 8;
  private static final int TASKS_AN_OFFER = 4;

  /** One thing to do with one page. */
  private record Job(String executor, String page) {}

  private final SchedulerClient client;
  private final CrawledSite site;
  private final PrintStream out;
  private final LinkGraph graph = new LinkGraph();
  private final Set<String> seen = new HashSet<>();
  private final Deque<Job> waiting = new ArrayDeque<>();
  private final Map<String, Job> launched = new HashMap<>();

  /** What a message said the result of. */
  private final Set<Job> told = new HashSet<>();

  private int tasks;

  private CrawlerExample(List<String> masters, CrawledSite site, PrintStream out) {
    FrameworkInfo info =
        FrameworkInfo.newBuilder()
            .setName("crawler")
            .setUser(System.getProperty("user.name"))
            .setFailoverTimeout(60)
            .setCheckpoint(true)
            .build();
    this.client = new SchedulerClient(masters, info, this::event);
    this.site = site;
    this.out = out;
    find(site.address() + "/");
  }

  /** Needs the masters, the script of the second executor, and the file for the graph. */
  public static void main(String[] args) throws IOException, InterruptedException {
    run(List.of(args[0].split(",")), Path.of(args[1]), Path.of(args[2]), System.out);
  }

  /** Returns when every page was read and drawn, and the graph is written. */
  public static void run(List<String> masters, Path script, Path dot, PrintStream out)
      throws IOException, InterruptedException {
    List<Class<?>> classes =
        List.of(
            CrawlExecutor.class,
            ExecutorClient.class,
            TaskInfo.class,
            MesosDurations.class,
            Message.class);
    try (CrawledSite site = new CrawledSite(script, classes)) {
      CrawlerExample crawler = new CrawlerExample(masters, site, out);
      crawler.client.run();
      Files.writeString(dot, crawler.graph.toDot());
      out.println(crawler.seen.size() + " pages, see " + dot);
    }
    draw(dot, out);
  }

  private static void draw(Path dot, PrintStream out) throws InterruptedException {
    try {
      Process graphviz = new ProcessBuilder("dot", "-Tpng", "-O", dot.toString()).start();
      out.println("graphviz drew it: status " + graphviz.waitFor());
    } catch (IOException e) {
      out.println("graphviz is not there to draw it");
    }
  }

  private void find(String page) {
    if (seen.add(page)) {
      waiting.add(new Job("crawl", page));
      waiting.add(new Job("render", page));
    }
  }

  private void event(Event event) {
    switch (event.getType()) {
      case OFFERS -> event.getOffers().getOffersList().forEach(this::offered);
      case MESSAGE -> result(event.getMessage());
      case UPDATE -> updated(event.getUpdate().getStatus());
      default -> {}
    }
  }

  private void offered(Offer offer) {
    // As if both executors were new on the agent.
    double cpus = amount(offer, "cpus") - 2 * EXECUTOR_CPUS;
    double mem = amount(offer, "mem") - 2 * EXECUTOR_MEM;
    List<TaskInfo> jobs = new ArrayList<>();
    while (!waiting.isEmpty()
        && jobs.size() < TASKS_AN_OFFER
        && cpus >= (jobs.size() + 1) * TASK_CPUS
        && mem >= (jobs.size() + 1) * TASK_MEM) {
      jobs.add(task(waiting.remove(), offer));
    }
    if (jobs.isEmpty()) {
      client.send(CallFactory.decline(offer, 5));
    } else {
      client.sendUntilKnown(
          CallFactory.launch(offer, jobs.toArray(TaskInfo[]::new)), Duration.ofMinutes(1));
    }
  }

  private TaskInfo task(Job job, Offer offer) {
    String id = job.executor() + "-" + ++tasks;
    launched.put(id, job);
    return TaskInfo.newBuilder()
        .setName(job.executor())
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .setExecutor(
            ExecutorInfo.newBuilder()
                .setType(ExecutorInfo.Type.CUSTOM)
                .setExecutorId(ExecutorID.newBuilder().setValue(job.executor()))
                .setFrameworkId(client.frameworkId().orElseThrow())
                .setCommand(job.executor().equals("crawl") ? crawler() : renderer())
                .addResources(scalar("cpus", EXECUTOR_CPUS))
                .addResources(scalar("mem", EXECUTOR_MEM)))
        .setData(ByteString.copyFromUtf8(job.page()))
        .addResources(scalar("cpus", TASK_CPUS))
        .addResources(scalar("mem", TASK_MEM))
        .build();
  }

  private CommandInfo crawler() {
    CommandInfo.Builder command =
        CommandInfo.newBuilder()
            .setValue(
                System.getProperty("java.home")
                    + "/bin/java -XX:TieredStopAtLevel=1 -Xmx48m -cp '*' "
                    + CrawlExecutor.class.getName());
    site.jars().forEach(jar -> command.addUris(CommandInfo.URI.newBuilder().setValue(jar)));
    return command.build();
  }

  private CommandInfo renderer() {
    return CommandInfo.newBuilder()
        .setValue("python3 render.py")
        .addUris(CommandInfo.URI.newBuilder().setValue(site.address() + "/programs/render.py"))
        .build();
  }

  private void result(Event.Message message) {
    String[] lines = message.getData().toStringUtf8().split("\n");
    String executor = message.getExecutorId().getValue();
    told.add(new Job(executor, lines[0]));
    for (int i = 1; i < lines.length; i++) {
      if (executor.equals("crawl")) {
        graph.link(lines[0], lines[i]);
        find(lines[i]);
      } else {
        graph.picture(lines[0], lines[i]);
      }
    }
    client.send(CallFactory.revive());
  }

  private void updated(TaskStatus status) {
    client.acknowledge(status);
    Job job = launched.get(status.getTaskId().getValue());
    if (job == null || !TaskStates.terminal(status.getState())) {
      return;
    }
    launched.remove(status.getTaskId().getValue());
    boolean done = status.getState() == TaskState.TASK_FINISHED && told.contains(job);
    out.println(job.executor() + " " + job.page() + " " + (done ? "done" : status.getState()));
    if (!done) {
      // Messages get lost with a leader, tasks with an agent: then it is done once more.
      waiting.add(job);
      client.send(CallFactory.revive());
    }
    if (waiting.isEmpty() && launched.isEmpty()) {
      client.teardown();
    }
  }
}
