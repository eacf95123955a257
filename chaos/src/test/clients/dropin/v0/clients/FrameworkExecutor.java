package clients;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.apache.mesos.Executor;
import org.apache.mesos.ExecutorDriver;
import org.apache.mesos.MesosExecutorDriver;
import org.apache.mesos.Protos.ExecutorInfo;
import org.apache.mesos.Protos.FrameworkInfo;
import org.apache.mesos.Protos.SlaveInfo;
import org.apache.mesos.Protos.Status;
import org.apache.mesos.Protos.TaskID;
import org.apache.mesos.Protos.TaskInfo;
import org.apache.mesos.Protos.TaskState;
import org.apache.mesos.Protos.TaskStatus;

/**
 * An executor whose tasks run until a message says {@code finish TASK}, or {@code die STATUS}. It
 * notes what happens to it in a file, and does not end when it is told to shut down.
 *
 * <p>usage: FrameworkExecutor NOTES NAME
 */
public final class FrameworkExecutor implements Executor {
  private final String notes;

  private FrameworkExecutor(String notes) {
    this.notes = notes;
  }

  public static void main(String[] args) {
    FrameworkExecutor executor = new FrameworkExecutor(args[0] + "-" + args[1]);
    String jvm = ManagementFactory.getRuntimeMXBean().getName();
    executor.note("pid " + jvm.substring(0, jvm.indexOf('@')));
    Status status = new MesosExecutorDriver(executor).run();
    executor.note("run " + status);
    System.exit(status == Status.DRIVER_STOPPED ? 0 : 1);
  }

  private synchronized void note(String line) {
    try (FileOutputStream out = new FileOutputStream(notes, true)) {
      out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void registered(
      ExecutorDriver driver, ExecutorInfo self, FrameworkInfo framework, SlaveInfo agent) {
    note("registered " + self.getExecutorId().getValue());
  }

  @Override
  public void reregistered(ExecutorDriver driver, SlaveInfo agent) {
    note("reregistered");
  }

  @Override
  public void disconnected(ExecutorDriver driver) {
    note("disconnected");
  }

  @Override
  public void launchTask(ExecutorDriver driver, TaskInfo task) {
    driver.sendStatusUpdate(status(task.getTaskId().getValue(), TaskState.TASK_RUNNING));
  }

  @Override
  public void frameworkMessage(ExecutorDriver driver, byte[] data) {
    String[] words = new String(data, StandardCharsets.UTF_8).split(" ");
    if (words[0].equals("die")) {
      Runtime.getRuntime().halt(Integer.parseInt(words[1]));
    }
    driver.sendFrameworkMessage(("finishing " + words[1]).getBytes(StandardCharsets.UTF_8));
    driver.sendStatusUpdate(status(words[1], TaskState.TASK_FINISHED));
  }

  @Override
  public void killTask(ExecutorDriver driver, TaskID task) {
    driver.sendStatusUpdate(status(task.getValue(), TaskState.TASK_KILLED));
  }

  @Override
  public void shutdown(ExecutorDriver driver) {
    note("shutdown");
  }

  @Override
  public void error(ExecutorDriver driver, String message) {
    note("error " + message);
  }

  private static TaskStatus status(String task, TaskState state) {
    return TaskStatus.newBuilder()
        .setTaskId(TaskID.newBuilder().setValue(task))
        .setState(state)
        .build();
  }
}
