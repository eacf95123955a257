package clients;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.mesos.MesosSchedulerDriver;
import org.apache.mesos.Protos.CommandInfo;
import org.apache.mesos.Protos.ExecutorID;
import org.apache.mesos.Protos.ExecutorInfo;
import org.apache.mesos.Protos.FrameworkID;
import org.apache.mesos.Protos.FrameworkInfo;
import org.apache.mesos.Protos.MasterInfo;
import org.apache.mesos.Protos.Offer;
import org.apache.mesos.Protos.OfferID;
import org.apache.mesos.Protos.Resource;
import org.apache.mesos.Protos.SlaveID;
import org.apache.mesos.Protos.TaskID;
import org.apache.mesos.Protos.TaskInfo;
import org.apache.mesos.Protos.TaskStatus;
import org.apache.mesos.Protos.Value;
import org.apache.mesos.Scheduler;
import org.apache.mesos.SchedulerDriver;

/**
 * A framework that does what its standard input says, one order a line, and prints each callback
 * and each status that the driver returns. It knows nothing of Quorate.
 *
 * <p>usage: Framework MASTERS COMMAND_OF_THE_EXECUTOR
 */
public final class Framework implements Scheduler {
  private static final long CALLBACK_NANOS = 2_000_000;

  private final String masters;
  private final String executorCommand;
  private final AtomicInteger inside = new AtomicInteger();
  private final Map<String, Offer> offers = new LinkedHashMap<>();
  private final Map<String, TaskStatus> last = new LinkedHashMap<>();
  private volatile String id = "";
  private volatile boolean throwing;
  private SchedulerDriver driver;
  private int launched;

  private Framework(String masters, String executorCommand) {
    this.masters = masters;
    this.executorCommand = executorCommand;
  }

  public static void main(String[] args) throws Exception {
    Framework framework = new Framework(args[0], args[1]);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    String order = orders.readLine();
    while (order != null && !order.equals("exit")) {
      framework.obey(order.split(" "));
      order = orders.readLine();
    }
    System.exit(0);
  }

  private static synchronized void say(String line) {
    System.out.println(line);
  }

  private void obey(String[] words) throws InterruptedException {
    switch (words[0]) {
      case "start":
        start();
        break;
      case "launch":
        launch(Integer.parseInt(words[1]), words[2]);
        break;
      case "message":
        TaskStatus status = last(words[1]);
        driver.sendFrameworkMessage(
            status.getExecutorId(),
            status.getSlaveId(),
            String.join(" ", Arrays.copyOfRange(words, 2, words.length))
                .getBytes(StandardCharsets.UTF_8));
        break;
      case "throw":
        throwing = true;
        break;
      case "reconcile":
        say("reconcile " + driver.reconcileTasks(Collections.<TaskStatus>emptyList()));
        break;
      case "stop":
        say("stop " + driver.stop(Boolean.parseBoolean(words[1])));
        break;
      default:
        throw new IllegalArgumentException(words[0]);
    }
  }

  private synchronized TaskStatus last(String task) {
    return last.get(task);
  }

  private void start() {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setUser("")
            .setName("of the original API")
            .setFailoverTimeout(600)
            .setCheckpoint(true);
    if (!id.isEmpty()) {
      info.setId(FrameworkID.newBuilder().setValue(id));
    }
    SchedulerDriver started = new MesosSchedulerDriver(this, info.build(), masters);
    driver = started;
    say("start " + started.start());
    Thread joining = new Thread(() -> say("joined " + started.join()));
    joining.setDaemon(true);
    joining.start();
  }

  /** Waits for an offer with room, and launches the tasks with one executor. */
  private void launch(int tasks, String executor) throws InterruptedException {
    Offer offer;
    synchronized (this) {
      while (offers.isEmpty()) {
        wait();
      }
      offer = offers.remove(offers.keySet().iterator().next());
    }
    List<TaskInfo> infos = new ArrayList<>();
    for (int i = 0; i < tasks; i++) {
      launched++;
      infos.add(
          TaskInfo.newBuilder()
              .setName("task")
              .setTaskId(TaskID.newBuilder().setValue("t" + launched))
              .setSlaveId(offer.getSlaveId())
              .addResources(resource("cpus", 0.1))
              .addResources(resource("mem", 16))
              .setExecutor(executor(executor))
              .build());
    }
    say("launch " + driver.launchTasks(Collections.singleton(offer.getId()), infos));
  }

  private ExecutorInfo executor(String name) {
    return ExecutorInfo.newBuilder()
        .setExecutorId(ExecutorID.newBuilder().setValue(name))
        .setName(name)
        .addResources(resource("cpus", 0.1))
        .addResources(resource("mem", 128))
        .setCommand(CommandInfo.newBuilder().setValue("exec " + executorCommand + " " + name))
        .build();
  }

  private static Resource resource(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .build();
  }

  /** Every callback takes a little while, so that two at once would meet. */
  private void callback(String line) {
    boolean alone = inside.getAndIncrement() == 0;
    say(alone ? line : "OVERLAP " + line);
    LockSupport.parkNanos(CALLBACK_NANOS);
    inside.decrementAndGet();
  }

  @Override
  public void registered(SchedulerDriver self, FrameworkID framework, MasterInfo master) {
    id = framework.getValue();
    callback("registered " + id + " " + master.getHostname() + ":" + master.getPort());
  }

  @Override
  public void reregistered(SchedulerDriver self, MasterInfo master) {
    callback("reregistered " + master.getHostname() + ":" + master.getPort());
  }

  @Override
  public void disconnected(SchedulerDriver self) {
    synchronized (this) {
      offers.clear();
    }
    callback("disconnected");
  }

  @Override
  public void resourceOffers(SchedulerDriver self, List<Offer> more) {
    callback("offers");
    synchronized (this) {
      for (Offer offer : more) {
        offers.put(offer.getId().getValue(), offer);
      }
      notifyAll();
    }
  }

  @Override
  public void offerRescinded(SchedulerDriver self, OfferID offer) {
    callback("rescinded");
    synchronized (this) {
      offers.remove(offer.getValue());
    }
  }

  @Override
  public void statusUpdate(SchedulerDriver self, TaskStatus status) {
    String task = status.getTaskId().getValue();
    synchronized (this) {
      last.put(task, status);
    }
    callback("update " + task + " " + status.getState() + " " + status.getReason());
    if (throwing) {
      throwing = false;
      throw new IllegalStateException("thrown on purpose");
    }
  }

  @Override
  public void frameworkMessage(
      SchedulerDriver self, ExecutorID executor, SlaveID agent, byte[] data) {
    callback("said " + executor.getValue() + " " + new String(data, StandardCharsets.UTF_8));
  }

  @Override
  public void slaveLost(SchedulerDriver self, SlaveID agent) {
    callback("slaveLost");
  }

  @Override
  public void executorLost(SchedulerDriver self, ExecutorID executor, SlaveID agent, int status) {
    callback("executorLost " + executor.getValue() + " " + status);
  }

  @Override
  public void error(SchedulerDriver self, String message) {
    callback("error " + message);
  }
}
