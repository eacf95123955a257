package io.quorate.examples;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.mesos.MesosSchedulerDriver;
import org.apache.mesos.Protos.CommandInfo;
import org.apache.mesos.Protos.ExecutorID;
import org.apache.mesos.Protos.FrameworkID;
import org.apache.mesos.Protos.FrameworkInfo;
import org.apache.mesos.Protos.MasterInfo;
import org.apache.mesos.Protos.Offer;
import org.apache.mesos.Protos.OfferID;
import org.apache.mesos.Protos.Resource;
import org.apache.mesos.Protos.SlaveID;
import org.apache.mesos.Protos.Status;
import org.apache.mesos.Protos.TaskID;
import org.apache.mesos.Protos.TaskInfo;
import org.apache.mesos.Protos.TaskState;
import org.apache.mesos.Protos.TaskStatus;
import org.apache.mesos.Protos.Value;
import org.apache.mesos.Scheduler;
import org.apache.mesos.SchedulerDriver;

/**
 * A framework as it was written for Mesos's Java API: five tasks on {@link MesosSchedulerDriver}.
 * With the drop-in first on the class path it runs on Quorate without Mesos's native library.
 */
public final class DropInExample implements Scheduler {
  private static final int TASKS = 5;
  private static final Set<TaskState> OVER =
      Set.of(
          TaskState.TASK_FAILED, TaskState.TASK_KILLED, TaskState.TASK_LOST, TaskState.TASK_ERROR);

  private final Set<String> finished = new HashSet<>();
  private final Set<String> again = new HashSet<>();
  private int launched;
  private int ids;

  /** Needs the masters, as in {@code host1:5050,host2:5050}. */
  public static void main(String[] args) {
    FrameworkInfo info =
        FrameworkInfo.newBuilder()
            .setUser("")
            .setName("on the drop-in")
            .setFailoverTimeout(60)
            .setCheckpoint(true)
            .build();
    Status status = new MesosSchedulerDriver(new DropInExample(), info, args[0]).run();
    if (status != Status.DRIVER_STOPPED) {
      throw new IllegalStateException("the driver ended with " + status);
    }
  }

  @Override
  public void registered(SchedulerDriver driver, FrameworkID id, MasterInfo master) {
    System.out.println("registered");
  }

  @Override
  public void reregistered(SchedulerDriver driver, MasterInfo master) {
    System.out.println("registered again");
  }

  @Override
  public void resourceOffers(SchedulerDriver driver, List<Offer> offers) {
    for (Offer offer : offers) {
      List<TaskInfo> tasks = new ArrayList<>();
      double room = Math.min(amount(offer, "cpus") / 0.1, amount(offer, "mem") / 32);
      while (launched < TASKS && tasks.size() + 1 <= room) {
        launched++;
        tasks.add(task("dropin-" + ++ids, offer));
      }
      driver.launchTasks(List.of(offer.getId()), tasks);
    }
  }

  private static TaskInfo task(String id, Offer offer) {
    return TaskInfo.newBuilder()
        .setName("hello")
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setSlaveId(offer.getSlaveId())
        .setCommand(CommandInfo.newBuilder().setValue("echo hello; sleep 1"))
        .addResources(scalar("cpus", 0.1))
        .addResources(scalar("mem", 32))
        .build();
  }

  private static double amount(Offer offer, String name) {
    return offer.getResourcesList().stream()
        .filter(resource -> resource.getName().equals(name))
        .mapToDouble(resource -> resource.getScalar().getValue())
        .sum();
  }

  private static Resource.Builder scalar(String name, double amount) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(amount));
  }

  @Override
  public void statusUpdate(SchedulerDriver driver, TaskStatus status) {
    System.out.println(status.getTaskId().getValue() + " " + status.getState());
    if (status.getState() == TaskState.TASK_FINISHED) {
      finished.add(status.getTaskId().getValue());
    } else if (OVER.contains(status.getState()) && again.add(status.getTaskId().getValue())) {
      // It is run once more, under the next id.
      launched--;
      driver.reviveOffers();
    }
    if (finished.size() == TASKS) {
      driver.stop();
    }
  }

  @Override
  public void offerRescinded(SchedulerDriver driver, OfferID offer) {}

  @Override
  public void frameworkMessage(
      SchedulerDriver driver, ExecutorID executor, SlaveID agent, byte[] data) {}

  @Override
  public void disconnected(SchedulerDriver driver) {}

  @Override
  public void slaveLost(SchedulerDriver driver, SlaveID agent) {}

  @Override
  public void executorLost(
      SchedulerDriver driver, ExecutorID executor, SlaveID agent, int status) {}

  @Override
  public void error(SchedulerDriver driver, String message) {
    System.out.println("error: " + message);
  }
}
