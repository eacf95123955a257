package io.quorate.master.apply;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import io.quorate.master.event.AgentRegistered;
import io.quorate.master.event.Event;
import io.quorate.master.event.FrameworkSubscribed;
import io.quorate.master.event.LeaderElected;
import io.quorate.master.event.OfferAccepted;
import io.quorate.master.event.OfferExtended;
import io.quorate.master.event.TaskLaunched;
import io.quorate.master.event.TaskStatusAcknowledged;
import io.quorate.master.event.TaskStatusUpdated;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * Measures what applying costs: an offer, its acceptance, a launch, TASK_RUNNING and its
 * acknowledgement, so many times. It counts the processor time of its thread, so that other
 * programs on the machine hardly change the figures, and the heap that a running task takes.
 *
 * <p>Run its main method from the test class path.
 */
public final class ApplyBenchmark {
  private static final int AGENTS = 1_000;
  private static final int FRAMEWORKS = 20;
  private static final int TASKS = 100_000;
  private static final int ROUNDS = 3;
  private static final int EVENTS_PER_TASK = 5;
  private static final double NANOS_PER_MICRO = 1_000.0;

  private ApplyBenchmark() {}

  /** Prints microseconds of processor time and bytes allocated a task, and bytes of heap a task. */
  public static void main(String[] args) {
    ThreadMXBean thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    MasterState cluster = cluster();
    for (int round = 0; round < ROUNDS; round++) {
      long heap = used();
      long cpu = thread.getCurrentThreadCpuTime();
      long allocated = thread.getCurrentThreadAllocatedBytes();
      MasterState state = launch(cluster);
      cpu = thread.getCurrentThreadCpuTime() - cpu;
      allocated = thread.getCurrentThreadAllocatedBytes() - allocated;
      heap = used() - heap;
      System.out.printf(
          "%d tasks of %d events: %.1f us and %d bytes allocated a task, %d bytes of heap a task%n",
          state.tasks().size(),
          EVENTS_PER_TASK,
          cpu / NANOS_PER_MICRO / TASKS,
          allocated / TASKS,
          heap / TASKS);
    }
  }

  private static MasterState cluster() {
    MasterState state = MasterState.EMPTY.at(1);
    state =
        apply(
            state,
            Event.newBuilder()
                .setLeaderElected(
                    LeaderElected.newBuilder()
                        .setTerm(1)
                        .setMasterInfo(
                            MasterInfo.newBuilder().setId("m").setIp(1).setPort(1).build())
                        .setClusterId("c")
                        .setFrameworksDeadlineNanos(1)));
    List<Resource> resources = ResourceText.parse("cpus:1000;mem:1000000;ports:[1000-32000]");
    for (int agent = 0; agent < AGENTS; agent++) {
      state =
          apply(
              state,
              Event.newBuilder()
                  .setAgentRegistered(
                      AgentRegistered.newBuilder()
                          .setAgentId("c-S" + agent)
                          .setAgentInfo(
                              AgentInfo.newBuilder().setHostname("h").addAllResources(resources))
                          .setRegistrationId("r" + agent)
                          .setLinkId("l" + agent)
                          .setVersion("1")));
    }
    for (int framework = 0; framework < FRAMEWORKS; framework++) {
      FrameworkInfo.Builder info = FrameworkInfo.newBuilder().setUser("u").setName("f");
      info.addRoles("r").addCapabilitiesBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE);
      state =
          apply(
              state,
              Event.newBuilder()
                  .setFrameworkSubscribed(
                      FrameworkSubscribed.newBuilder()
                          .setFrameworkId("c-" + framework)
                          .setFrameworkInfo(info)
                          .setStreamId("s" + framework)));
    }
    return state.settled();
  }

  private static MasterState launch(MasterState cluster) {
    MasterState state = cluster;
    for (int task = 0; task < TASKS; task++) {
      String agent = "c-S" + task % AGENTS;
      String framework = "c-" + task % FRAMEWORKS;
      String offer = "c-O" + task;
      int port = 1000 + task / AGENTS * 2;
      List<Resource> parsed =
          ResourceText.parse("cpus:0.1;mem:32;ports:[" + port + "-" + port + "]");
      List<Resource> resources = Resources.of(parsed).allocatedTo("r").toProtos();
      TaskInfo info =
          TaskInfo.newBuilder()
              .setName("t")
              .setTaskId(TaskID.newBuilder().setValue("t" + task))
              .setAgentId(AgentID.newBuilder().setValue(agent))
              .setCommand(CommandInfo.newBuilder().setValue("sleep 1000"))
              .addAllResources(resources)
              .build();
      ByteString uuid = ByteString.copyFromUtf8(String.format("%016d", task));
      TaskStatus status =
          TaskStatus.newBuilder()
              .setTaskId(info.getTaskId())
              .setAgentId(info.getAgentId())
              .setState(TaskState.TASK_RUNNING)
              .setUuid(uuid)
              .build();
      state =
          apply(
              state,
              Event.newBuilder()
                  .setOfferExtended(
                      OfferExtended.newBuilder()
                          .setOfferId(offer)
                          .setFrameworkId(framework)
                          .setAgentId(agent)
                          .setRole("r")
                          .addAllResources(parsed)),
              Event.newBuilder().setOfferAccepted(OfferAccepted.newBuilder().setOfferId(offer)),
              Event.newBuilder()
                  .setTaskLaunched(
                      TaskLaunched.newBuilder().setFrameworkId(framework).setTaskInfo(info)),
              Event.newBuilder()
                  .setTaskStatusUpdated(
                      TaskStatusUpdated.newBuilder()
                          .setFrameworkId(framework)
                          .setStatus(status)
                          .setLatestState(TaskState.TASK_RUNNING)),
              Event.newBuilder()
                  .setTaskStatusAcknowledged(
                      TaskStatusAcknowledged.newBuilder()
                          .setFrameworkId(framework)
                          .setAgentId(agent)
                          .setTaskId(info.getTaskId().getValue())
                          .setUuid(uuid)));
      state = state.settled();
    }
    return state;
  }

  private static MasterState apply(MasterState state, Event.Builder... events) {
    MasterState next = state;
    for (Event.Builder event : events) {
      next = Apply.apply(next, event.build());
    }
    return next;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
