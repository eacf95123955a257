package io.quorate.driver;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.Filters;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.Arrays;
import java.util.List;

/** Makes the calls that most schedulers need, for {@link SchedulerClient#send}. */
public final class CallFactory {
  private CallFactory() {}

  /** Launches tasks on an offer, which is used up with it. */
  public static Call.Builder launch(Offer offer, TaskInfo... tasks) {
    return accept(
        offer,
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.LAUNCH)
            .setLaunch(Offer.Operation.Launch.newBuilder().addAllTaskInfos(Arrays.asList(tasks)))
            .build());
  }

  /** Does operations, one after the other, on an offer, which is used up with it. */
  public static Call.Builder accept(Offer offer, Offer.Operation... operations) {
    return Call.newBuilder()
        .setType(Call.Type.ACCEPT)
        .setAccept(
            Call.Accept.newBuilder()
                .addOfferIds(offer.getId())
                .addAllOperations(Arrays.asList(operations)));
  }

  /**
   * Refuses an offer.
   *
   * @param seconds for which the same resources are not to be offered again
   */
  public static Call.Builder decline(Offer offer, double seconds) {
    return Call.newBuilder()
        .setType(Call.Type.DECLINE)
        .setDecline(
            Call.Decline.newBuilder()
                .addOfferIds(offer.getId())
                .setFilters(Filters.newBuilder().setRefuseSeconds(seconds)));
  }

  /** Acknowledges an update that has a uuid; see {@link SchedulerClient#acknowledge}. */
  public static Call.Builder acknowledge(TaskStatus status) {
    return Call.newBuilder()
        .setType(Call.Type.ACKNOWLEDGE)
        .setAcknowledge(
            Call.Acknowledge.newBuilder()
                .setAgentId(status.getAgentId())
                .setTaskId(status.getTaskId())
                .setUuid(status.getUuid()));
  }

  /** Stops a task. */
  public static Call.Builder kill(TaskID task) {
    return Call.newBuilder()
        .setType(Call.Type.KILL)
        .setKill(Call.Kill.newBuilder().setTaskId(task));
  }

  /** Asks for the state of tasks; of all of the framework's if there are none. */
  public static Call.Builder reconcile(List<TaskID> tasks) {
    Call.Reconcile.Builder reconcile = Call.Reconcile.newBuilder();
    tasks.forEach(task -> reconcile.addTasks(Call.Reconcile.Task.newBuilder().setTaskId(task)));
    return Call.newBuilder().setType(Call.Type.RECONCILE).setReconcile(reconcile);
  }

  /** Asks for offers: what was declined may be offered again at once. */
  public static Call.Builder revive() {
    return Call.newBuilder().setType(Call.Type.REVIVE);
  }

  /** Asks for no more offers. */
  public static Call.Builder suppress() {
    return Call.newBuilder().setType(Call.Type.SUPPRESS);
  }

  /** Sends bytes to an executor, at most once. */
  public static Call.Builder message(AgentID agent, ExecutorID executor, ByteString data) {
    return Call.newBuilder()
        .setType(Call.Type.MESSAGE)
        .setMessage(
            Call.Message.newBuilder().setAgentId(agent).setExecutorId(executor).setData(data));
  }
}
