package clients;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
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
import org.apache.mesos.Protos.TaskState;
import org.apache.mesos.Protos.TaskStatus;
import org.apache.mesos.Protos.Value;
import org.apache.mesos.Scheduler;
import org.apache.mesos.SchedulerDriver;

/**
 * Launches many tasks with one executor, in one call for each offer, and asks about all of them in
 * one go.
 *
 * <p>usage: DriverBench MASTERS COMMAND_OF_THE_EXECUTOR TASKS
 */
public final class DriverBench implements Scheduler {
  private static final int TASKS_OF_A_CALL = 500;

  private final Set<String> running = ConcurrentHashMap.newKeySet();
  private final Set<String> reconciled = ConcurrentHashMap.newKeySet();
  private final CountDownLatch launchedAll = new CountDownLatch(1);
  private final CountDownLatch reconciledAll = new CountDownLatch(1);
  private final String executorCommand;
  private final int tasks;
  private volatile boolean reconciling;
  private volatile long callbacks;
  private volatile long firstNanos;
  private int launched;

  private DriverBench(String executorCommand, int tasks) {
    this.executorCommand = executorCommand;
    this.tasks = tasks;
  }

  public static void main(String[] args) throws Exception {
    DriverBench bench = new DriverBench(args[1], Integer.parseInt(args[2]));
    FrameworkInfo info = FrameworkInfo.newBuilder().setUser("").setName("bench").build();
    SchedulerDriver driver = new MesosSchedulerDriver(bench, info, args[0]);
    driver.start();
    bench.launchedAll.await();
    long launchedNanos = System.nanoTime() - bench.firstNanos;
    System.out.printf(
        "%d tasks are running after %.2f s: %.0f launches/s%n",
        bench.tasks, launchedNanos / 1e9, bench.tasks / (launchedNanos / 1e9));
    for (int round = 0; round < 5; round++) {
      bench.reconcile(driver);
    }
    System.out.printf("%.1f s of CPU, %d callbacks in all%n", cpuSeconds(), bench.callbacks);
    driver.stop();
    System.exit(0);
  }

  private static double cpuSeconds() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime()
        / 1e9;
  }

  private void reconcile(SchedulerDriver driver) throws InterruptedException {
    List<TaskStatus> asked = new ArrayList<>();
    for (String task : running) {
      asked.add(
          TaskStatus.newBuilder()
              .setTaskId(TaskID.newBuilder().setValue(task))
              .setState(TaskState.TASK_RUNNING)
              .build());
    }
    reconciled.clear();
    reconciling = true;
    double before = cpuSeconds();
    long start = System.nanoTime();
    driver.reconcileTasks(asked);
    while (reconciled.size() < tasks) {
      reconciledAll.await(1, java.util.concurrent.TimeUnit.MILLISECONDS);
    }
    System.out.printf(
        "%d tasks reconciled in %.3f s, %.1f us of CPU for each%n",
        tasks, (System.nanoTime() - start) / 1e9, (cpuSeconds() - before) * 1e6 / tasks);
  }

  @Override
  public void resourceOffers(SchedulerDriver driver, List<Offer> offers) {
    callbacks++;
    for (Offer offer : offers) {
      if (firstNanos == 0) {
        firstNanos = System.nanoTime();
      }
      List<TaskInfo> infos = new ArrayList<>();
      while (launched < tasks && infos.size() < TASKS_OF_A_CALL) {
        infos.add(task(offer, "t" + launched++));
      }
      driver.launchTasks(Collections.singleton(offer.getId()), infos);
    }
  }

  private TaskInfo task(Offer offer, String id) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setSlaveId(offer.getSlaveId())
        .addResources(cpus(0.01))
        .setExecutor(
            ExecutorInfo.newBuilder()
                .setExecutorId(ExecutorID.newBuilder().setValue("bench"))
                .addResources(cpus(0.1))
                .setCommand(CommandInfo.newBuilder().setValue("exec " + executorCommand)))
        .build();
  }

  private static Resource cpus(double value) {
    return Resource.newBuilder()
        .setName("cpus")
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .build();
  }

  @Override
  public void statusUpdate(SchedulerDriver driver, TaskStatus status) {
    callbacks++;
    if (status.getState() != TaskState.TASK_RUNNING) {
      System.out.println("a task is " + status.getState() + ": " + status.getMessage());
      System.exit(1);
    }
    if (reconciling) {
      reconciled.add(status.getTaskId().getValue());
    } else if (running.add(status.getTaskId().getValue()) && running.size() == tasks) {
      launchedAll.countDown();
    }
  }

  @Override
  public void registered(SchedulerDriver driver, FrameworkID id, MasterInfo master) {}

  @Override
  public void reregistered(SchedulerDriver driver, MasterInfo master) {}

  @Override
  public void disconnected(SchedulerDriver driver) {}

  @Override
  public void offerRescinded(SchedulerDriver driver, OfferID offer) {}

  @Override
  public void frameworkMessage(
      SchedulerDriver driver, ExecutorID executor, SlaveID agent, byte[] data) {}

  @Override
  public void slaveLost(SchedulerDriver driver, SlaveID agent) {}

  @Override
  public void executorLost(SchedulerDriver driver, ExecutorID executor, SlaveID agent, int status) {
    System.out.println("executor lost: " + status);
    System.exit(1);
  }

  @Override
  public void error(SchedulerDriver driver, String message) {
    System.out.println("error " + message);
    System.exit(1);
  }
}
