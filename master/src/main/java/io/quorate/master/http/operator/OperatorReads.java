package io.quorate.master.http.operator;

import io.quorate.master.access.Action;
import io.quorate.master.http.access.Visibility;
import io.quorate.master.http.server.Versions;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Machine;
import io.quorate.master.state.entity.Operation;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.UUID;
import io.quorate.protocol.v1.VersionInfo;
import io.quorate.protocol.v1.maintenance.ClusterStatus;
import io.quorate.protocol.v1.maintenance.Schedule;
import io.quorate.protocol.v1.master.Call;
import io.quorate.protocol.v1.master.Response;

/** The answers of the operator API that change nothing (Mesos 6.1), of one frozen picture. */
public final class OperatorReads {
  private static final double NANOS = 1e9;

  private final MasterView view;
  private final MasterState state;
  private final Versions versions;
  private final Visibility visible;
  private final Gauges gauges;
  private final EntityMessages messages;

  public OperatorReads(MasterView view, Versions versions, Visibility visible, Gauges gauges) {
    this.gauges = gauges;
    this.visible = visible;
    this.view = view;
    this.state = view.state();
    this.versions = versions;
    this.messages = new EntityMessages(state, visible);
  }

  /** Whether this is such a call, and of this release. */
  public static boolean answers(Call.Type type) {
    return switch (type) {
      case GET_HEALTH,
          GET_FLAGS,
          GET_METRICS,
          GET_VERSION,
          GET_STATE,
          GET_AGENTS,
          GET_FRAMEWORKS,
          GET_EXECUTORS,
          GET_OPERATIONS,
          GET_TASKS,
          GET_ROLES,
          GET_WEIGHTS,
          GET_QUOTA,
          GET_MASTER,
          GET_MAINTENANCE_STATUS,
          GET_MAINTENANCE_SCHEDULE ->
          true;
      default -> false;
    };
  }

  public Response answer(Call.Type type) {
    Response.Builder answer = Response.newBuilder().setType(OperatorFace.answerType(type));
    switch (type) {
      case GET_HEALTH -> answer.getGetHealthBuilder().setHealthy(true);
      case GET_VERSION ->
          answer
              .getGetVersionBuilder()
              .setVersionInfo(VersionInfo.newBuilder().setVersion(versions.mesos()));
      case GET_FLAGS ->
          versions
              .flags()
              .forEach(
                  (name, value) ->
                      answer.getGetFlagsBuilder().addFlagsBuilder().setName(name).setValue(value));
      case GET_METRICS ->
          Metrics.of(view, versions.upSeconds(), gauges)
              .forEach(
                  (name, value) ->
                      answer
                          .getGetMetricsBuilder()
                          .addMetricsBuilder()
                          .setName(name)
                          .setValue(value));
      case GET_STATE -> answer.setGetState(state());
      case GET_AGENTS -> answer.setGetAgents(agents());
      case GET_FRAMEWORKS -> answer.setGetFrameworks(frameworks());
      case GET_EXECUTORS -> answer.setGetExecutors(executors());
      case GET_OPERATIONS -> answer.setGetOperations(operations());
      case GET_TASKS -> answer.setGetTasks(tasks());
      case GET_ROLES -> answer.setGetRoles(new RoleReads(state, visible::role).roles());
      case GET_WEIGHTS -> answer.setGetWeights(new RoleReads(state, visible::role).weights());
      case GET_QUOTA ->
          answer.getGetQuotaBuilder().setStatus(new RoleReads(state, visible::quota).quotas());
      case GET_MASTER ->
          answer
              .getGetMasterBuilder()
              .setMasterInfo(view.self())
              .setStartTime(versions.startSeconds())
              .setElectedTime(view.electedNanos() / NANOS);
      case GET_MAINTENANCE_STATUS ->
          answer.getGetMaintenanceStatusBuilder().setStatus(maintenanceStatus(state, visible));
      case GET_MAINTENANCE_SCHEDULE ->
          answer
              .getGetMaintenanceScheduleBuilder()
              .setSchedule(
                  visible.all(Action.GET_MAINTENANCE_SCHEDULES)
                      ? state.maintenance().schedule()
                      : Schedule.getDefaultInstance());
      default -> throw new IllegalArgumentException("no read: " + type);
    }
    return answer.build();
  }

  /** The whole of it, as GET_STATE and the beginning of an event stream have it. */
  public Response.GetState state() {
    return Response.GetState.newBuilder()
        .setGetTasks(tasks())
        .setGetExecutors(executors())
        .setGetFrameworks(frameworks())
        .setGetAgents(agents())
        .build();
  }

  /** Who is asked to leave, and who has left. */
  public static ClusterStatus maintenanceStatus(MasterState state, Visibility visible) {
    ClusterStatus.Builder status = ClusterStatus.newBuilder();
    if (!visible.all(Action.GET_MAINTENANCE_STATUSES)) {
      return status.build();
    }
    for (Machine machine : state.maintenance().machines().values()) {
      if (machine.down()) {
        status.addDownMachines(machine.key().toProto());
      } else {
        status.addDrainingMachines(machine.status());
      }
    }
    return status.build();
  }

  // -- Agents -----------------------------------------------------------------------------------

  private Response.GetAgents agents() {
    Response.GetAgents.Builder agents = Response.GetAgents.newBuilder();
    for (Agent agent : state.agents().values()) {
      agents.addAgents(messages.agent(agent));
    }
    return agents.build();
  }

  // -- Frameworks -------------------------------------------------------------------------------

  private Response.GetFrameworks frameworks() {
    Response.GetFrameworks.Builder frameworks = Response.GetFrameworks.newBuilder();
    for (Framework framework : state.frameworks().values()) {
      if (visible.framework(framework)) {
        frameworks.addFrameworks(messages.framework(framework));
      }
    }
    for (Framework framework : view.history().completedFrameworks(state)) {
      if (visible.framework(framework)) {
        frameworks.addCompletedFrameworks(messages.framework(framework));
      }
    }
    return frameworks.build();
  }

  private Response.GetExecutors executors() {
    Response.GetExecutors.Builder executors = Response.GetExecutors.newBuilder();
    for (Executor executor : state.executors().values()) {
      Framework framework = state.frameworks().get(executor.key().framework());
      if (visible.framework(framework) && visible.executor(framework, executor)) {
        executors
            .addExecutorsBuilder()
            .setExecutorInfo(executor.info())
            .setAgentId(AgentID.newBuilder().setValue(executor.key().agent().value()));
      }
    }
    return executors.build();
  }

  private Response.GetOperations operations() {
    Response.GetOperations.Builder operations = Response.GetOperations.newBuilder();
    for (Operation operation : state.operations().values()) {
      if (!visible.operation(operation)) {
        continue;
      }
      var shown =
          operations
              .addOperationsBuilder()
              .setAgentId(AgentID.newBuilder().setValue(operation.agent().value()))
              .setInfo(operation.info())
              .setLatestStatus(operation.status())
              .addStatuses(operation.status())
              .setUuid(UUID.newBuilder().setValue(operation.uuid()));
      operation
          .framework()
          .ifPresent(id -> shown.setFrameworkId(FrameworkID.newBuilder().setValue(id.value())));
    }
    return operations.build();
  }

  // -- Tasks ------------------------------------------------------------------------------------

  private Response.GetTasks tasks() {
    Response.GetTasks.Builder tasks = Response.GetTasks.newBuilder();
    for (var task : state.tasks().values()) {
      Framework framework = state.frameworks().get(task.key().framework());
      if (!visible.framework(framework) || !visible.task(framework, task)) {
        continue;
      }
      if (task.unreachable()) {
        tasks.addUnreachableTasks(EntityMessages.task(task));
      } else {
        tasks.addTasks(EntityMessages.task(task));
      }
    }
    state.frameworks().values().forEach(framework -> completed(framework, tasks));
    view.history().completedFrameworks(state).forEach(framework -> completed(framework, tasks));
    return tasks.build();
  }

  private void completed(Framework framework, Response.GetTasks.Builder tasks) {
    if (visible.framework(framework)) {
      view.history().completedTasks(state, framework).stream()
          .filter(task -> visible.task(framework, task))
          .forEach(task -> tasks.addCompletedTasks(EntityMessages.task(task)));
    }
  }
}
