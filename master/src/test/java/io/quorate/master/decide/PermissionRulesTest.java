package io.quorate.master.decide;

import static io.quorate.master.decide.ResourceOperations.create;
import static io.quorate.master.decide.ResourceOperations.destroy;
import static io.quorate.master.decide.ResourceOperations.disk;
import static io.quorate.master.decide.ResourceOperations.named;
import static io.quorate.master.decide.ResourceOperations.reserve;
import static io.quorate.master.decide.ResourceOperations.reserved;
import static io.quorate.master.decide.ResourceOperations.shrink;
import static io.quorate.master.decide.ResourceOperations.unreserve;
import static io.quorate.master.decide.ResourceOperations.volume;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.launching;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.access.Acls;
import io.quorate.master.access.Acls.Rule;
import io.quorate.master.access.Action;
import io.quorate.master.access.Entity;
import io.quorate.master.decide.draft.Policy;
import io.quorate.master.event.OperatorCall;
import io.quorate.master.event.SchedulerCall;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer.Operation;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.master.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What ACLs forbid (Mesos 8.2). */
class PermissionRulesTest {
  private static final Entity ANY = new Entity(Entity.Kind.ANY, List.of());
  private static final Entity NONE = new Entity(Entity.Kind.NONE, List.of());

  private static Entity names(String... names) {
    return new Entity(Entity.Kind.SOME, List.of(names));
  }

  /** Nobody may do this with any such thing. */
  private static Scenario without(Action action, Entity objects) {
    return with(action, new Rule(NONE, objects));
  }

  private static Scenario with(Action action, Rule... rules) {
    return new Scenario(Policy.DEFAULT.with(new Acls(true, Map.of(action, List.of(rules)))));
  }

  private static Scenario offered(Scenario scenario) {
    return offered(scenario, "u");
  }

  private static Scenario offered(Scenario scenario, String user) {
    return scenario
        .agent(0, "cpus:4;mem:1024;disk:1000")
        .subscribe(
            framework("f", FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT)
                .clearRoles()
                .addRoles(ResourceOperations.ROLE)
                .setUser(user)
                .setPrincipal("p"),
            "s")
        .allocate();
  }

  private static TaskInfo.Builder as(String user, String id) {
    TaskInfo.Builder task = task(id, 0, "cpus:1;mem:32");
    task.getCommandBuilder().setUser(user);
    return task;
  }

  // -- Frameworks -------------------------------------------------------------------------------

  @Test
  @DisplayName("CP-123 a framework that names no principal gets the one who logged in, for good")
  void shouldFillInPrincipals() {
    Scenario scenario = new Scenario();
    var subscribe =
        io.quorate.protocol.v1.scheduler.Call.newBuilder()
            .setType(io.quorate.protocol.v1.scheduler.Call.Type.SUBSCRIBE);
    subscribe.getSubscribeBuilder().setFrameworkInfo(framework("f"));
    scheduler(scenario, "p", subscribe);
    FrameworkId id = new FrameworkId(Scenario.id(0));
    assertThat(scenario.state().frameworks().get(id).info().getPrincipal()).isEqualTo("p");

    var update = Scenario.from(0, io.quorate.protocol.v1.scheduler.Call.Type.UPDATE_FRAMEWORK);
    update
        .getUpdateFrameworkBuilder()
        .setFrameworkInfo(framework("g").setId(update.getFrameworkId()));
    scheduler(scenario, "p", update);
    assertThat(scenario.state().frameworks().get(id).info().getName()).isEqualTo("g");
    assertThat(scenario.state().frameworks().get(id).info().getPrincipal()).isEqualTo("p");
  }

  @Test
  @DisplayName("CP-037 a call in the name of another principal's framework: 400")
  void shouldKeepPrincipalsApart() {
    Scenario scenario = offered(new Scenario());
    scheduler(
        scenario, "other", Scenario.from(0, io.quorate.protocol.v1.scheduler.Call.Type.TEARDOWN));
    assertThat(scenario.refusal().status()).isEqualTo(400);
    assertThat(scenario.refusal().message()).contains("'other'", "'p'");
  }

  private static void scheduler(
      Scenario scenario, String principal, io.quorate.protocol.v1.scheduler.Call.Builder call) {
    scenario.call(
        io.quorate.master.event.Call.newBuilder()
            .setPrincipal(principal)
            .setScheduler(SchedulerCall.newBuilder().setCall(call).setStreamId("s")));
  }

  @Test
  @DisplayName("A framework that may not have a role: ERROR, and UPDATE_FRAMEWORK to it: 403")
  void shouldBoundRoles() {
    Scenario scenario = with(Action.REGISTER_FRAMEWORKS, new Rule(names("p"), names("dev/%")));
    scenario.subscribe(framework("f").setPrincipal("p").clearRoles().addRoles("dev"), "s");
    // The rule is about dev/... alone, and all else is allowed.
    assertThat(scenario.toldTypes("s")).contains(Event.Type.SUBSCRIBED);
    Scenario closed =
        with(Action.REGISTER_FRAMEWORKS, new Rule(names("p"), names("dev/%")), new Rule(ANY, NONE));
    closed.subscribe(framework("f").setPrincipal("p").clearRoles().addRoles("dev"), "s");
    assertThat(closed.toldTypes("s")).containsExactly(Event.Type.ERROR);
    assertThat(closed.told("s").get(0).getError().getMessage()).contains("role 'dev'", "'p'");
    assertThat(closed.ended("s")).isTrue();
    assertThat(closed.state().frameworks().isEmpty()).isTrue();

    closed.subscribe(framework("f").setPrincipal("p").clearRoles().addRoles("dev/x"), "s");
    assertThat(closed.toldTypes("s")).contains(Event.Type.SUBSCRIBED);
    var update = Scenario.from(0, io.quorate.protocol.v1.scheduler.Call.Type.UPDATE_FRAMEWORK);
    update
        .getUpdateFrameworkBuilder()
        .setFrameworkInfo(
            framework("f").setPrincipal("p").addRoles("dev/x").setId(update.getFrameworkId()));
    closed.schedulerCall(update, "s");
    assertThat(closed.refusal().status()).isEqualTo(403);
    assertThat(closed.refusal().message()).contains("role '*'");
  }

  // -- Tasks ------------------------------------------------------------------------------------

  @Test
  @DisplayName(
      "where nobody names a user, the agent's own is meant: who may not be root may not run")
  void shouldTakeNobodyForRoot() {
    // given
    Scenario scenario = offered(without(Action.RUN_TASKS, names("root")), "");
    // when
    scenario.accept(0, "s", launching(task("t1", 0, "cpus:1"), as("", "t2"), as("u", "t3")));
    // then
    assertThat(scenario.statuses("s"))
        .extracting(TaskStatus::getReason)
        .containsOnly(TaskStatus.Reason.REASON_TASK_UNAUTHORIZED)
        .hasSize(2);
  }

  @Test
  @DisplayName("CP-234 a task that its principal may not run: TASK_ERROR; the next one starts")
  void shouldBoundUsers() {
    Scenario scenario = offered(without(Action.RUN_TASKS, names("root")));
    scenario.accept(0, "s", launching(as("root", "t1"), as("u", "t2"), task("t3", 0, "cpus:1")));
    assertThat(scenario.statuses("s")).hasSize(1);
    TaskStatus status = scenario.statuses("s").get(0);
    assertThat(status.getTaskId().getValue()).isEqualTo("t1");
    assertThat(status.getState()).isEqualTo(TaskState.TASK_ERROR);
    assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_UNAUTHORIZED);
    assertThat(status.getMessage()).contains("user 'root'", "principal 'p'");
    assertThat(scenario.state().tasks().size()).isEqualTo(2);
  }

  @Test
  @DisplayName("CP-234 the user is the executor's where the task has no command")
  void shouldLookAtExecutors() {
    Scenario scenario = offered(without(Action.RUN_TASKS, names("root")));
    TaskInfo.Builder task = task("t", 0, "cpus:1").clearCommand();
    task.getExecutorBuilder()
        .setExecutorId(ExecutorID.newBuilder().setValue("e"))
        .setCommand(CommandInfo.newBuilder().setValue("run").setUser("root"));
    scenario.accept(0, "s", launching(task));
    assertThat(scenario.statuses("s").get(0).getReason())
        .isEqualTo(TaskStatus.Reason.REASON_TASK_UNAUTHORIZED);
  }

  @Test
  @DisplayName("CP-234, CP-235 one task of a group that may not run, and none does")
  void shouldBoundGroups() {
    Scenario scenario = offered(without(Action.RUN_TASKS, names("root")));
    Operation.Builder group = Operation.newBuilder().setType(Operation.Type.LAUNCH_GROUP);
    group
        .getLaunchGroupBuilder()
        .getExecutorBuilder()
        .setExecutorId(ExecutorID.newBuilder().setValue("e"));
    group.getLaunchGroupBuilder().getTaskGroupBuilder().addTasks(as("u", "t1"));
    group.getLaunchGroupBuilder().getTaskGroupBuilder().addTasks(as("root", "t2"));
    scenario.accept(0, "s", group);
    assertThat(scenario.statuses("s"))
        .hasSize(2)
        .allMatch(status -> status.getState() == TaskState.TASK_ERROR)
        .allMatch(status -> status.getReason() == TaskStatus.Reason.REASON_TASK_GROUP_UNAUTHORIZED);
    assertThat(scenario.state().tasks().isEmpty()).isTrue();
  }

  // -- Resources --------------------------------------------------------------------------------

  private static void assertForbidden(Scenario scenario, Operation.Builder... operations) {
    int last = operations.length - 1;
    operations[last] = named("last", operations[last]);
    scenario.accept(0, "s", operations);
    assertThat(scenario.operationStatuses("s")).hasSize(1);
    assertThat(scenario.operationStatuses("s").get(0).getState())
        .isEqualTo(OperationState.OPERATION_ERROR);
    assertThat(scenario.operationStatuses("s").get(0).getMessage())
        .contains("Not authorized", "principal 'p'");
  }

  @Test
  @DisplayName("An operation of a framework that it may not do: OPERATION_ERROR")
  void shouldBoundOperations() {
    Resource disk = disk(100);
    Resource volume = volume("v", 100);
    assertForbidden(offered(without(Action.RESERVE_RESOURCES, names("dev"))), reserve(disk));
    assertForbidden(
        offered(without(Action.UNRESERVE_RESOURCES, names("p"))), reserve(disk), unreserve(disk));
    assertForbidden(
        offered(without(Action.CREATE_VOLUMES, names("dev"))), reserve(disk), create(volume));
    assertForbidden(
        offered(without(Action.DESTROY_VOLUMES, names("p"))),
        reserve(disk),
        create(volume),
        destroy(volume));
    assertForbidden(
        offered(without(Action.RESIZE_VOLUMES, names("dev"))),
        reserve(disk),
        create(volume),
        shrink(volume, 10));
  }

  private static void operator(Scenario scenario, String principal, Call.Builder call) {
    scenario.call(
        io.quorate.master.event.Call.newBuilder()
            .setPrincipal(principal)
            .setOperator(OperatorCall.newBuilder().setCall(call)));
  }

  @Test
  @DisplayName("CP-458 an operator reserves for the roles that it may: else 403")
  void shouldBoundOperatorsReservations() {
    Scenario scenario =
        with(
            Action.RESERVE_RESOURCES,
            new Rule(names("ops"), names("dev")),
            new Rule(names("ops"), NONE));
    offered(scenario);
    for (String role : List.of("dev", "prod")) {
      Call.Builder call = Call.newBuilder().setType(Call.Type.RESERVE_RESOURCES);
      call.getReserveResourcesBuilder()
          .setAgentId(AgentID.newBuilder().setValue(Scenario.agentId(0).value()))
          .addResources(reserved("disk", 10, role, "ops"));
      operator(scenario, "ops", call);
      if (role.equals("prod")) {
        assertThat(scenario.refusal().status()).isEqualTo(403);
      } else {
        assertThat(scenario.events()).isPositive();
      }
    }
  }

  @Test
  @DisplayName("CP-458 one stack of reservations for another: what goes and what comes is asked")
  void shouldBoundRestacking() {
    Resource source = reserved("disk", 10, "dev", "ops");
    Resource refined =
        source.toBuilder()
            .addReservations(
                Resource.ReservationInfo.newBuilder()
                    .setType(Resource.ReservationInfo.Type.DYNAMIC)
                    .setRole("dev/a")
                    .setPrincipal("ops"))
            .build();
    Resource other = reserved("disk", 10, "prod", "ops");
    assertThat(restacked(without(Action.UNRESERVE_RESOURCES, names("ops")), source, refined))
        .isTrue();
    assertThat(restacked(without(Action.UNRESERVE_RESOURCES, names("ops")), source, other))
        .isFalse();
    assertThat(restacked(without(Action.RESERVE_RESOURCES, names("dev/a")), source, refined))
        .isFalse();
    assertThat(restacked(without(Action.RESERVE_RESOURCES, names("prod")), source, other))
        .isFalse();
    assertThat(restacked(without(Action.RESERVE_RESOURCES, names("x")), source, other)).isTrue();
  }

  private static boolean restacked(Scenario scenario, Resource source, Resource target) {
    scenario.agent(0, "cpus:4;mem:1024;disk:1000");
    for (boolean first : new boolean[] {true, false}) {
      Call.Builder call = Call.newBuilder().setType(Call.Type.RESERVE_RESOURCES);
      call.getReserveResourcesBuilder()
          .setAgentId(AgentID.newBuilder().setValue(Scenario.agentId(0).value()))
          .addResources(first ? source : target);
      if (!first) {
        call.getReserveResourcesBuilder().addSource(source);
      }
      operator(scenario, "ops", call);
    }
    Resources total = scenario.state().agents().get(Scenario.agentId(0)).total();
    if (total.contains(Resources.of(List.of(target)))) {
      return true;
    }
    assertThat(scenario.refusal().status()).isEqualTo(403);
    return false;
  }

  // -- Operators --------------------------------------------------------------------------------

  @ParameterizedTest(name = "CP-458 {0}")
  @EnumSource(
      names = {
        "TEARDOWN",
        "MARK_AGENT_GONE",
        "DRAIN_AGENT",
        "DEACTIVATE_AGENT",
        "REACTIVATE_AGENT",
        "UPDATE_MAINTENANCE_SCHEDULE",
        "START_MAINTENANCE",
        "STOP_MAINTENANCE"
      })
  void shouldBoundOperators(Call.Type type) {
    Acls nobody = new Acls(false, Map.of());
    Scenario scenario = new Scenario(Policy.DEFAULT.with(nobody)).agent(0, "cpus:4;mem:1024");
    operator(scenario, "ops", call(type));
    if (type == Call.Type.TEARDOWN) {
      // There is no framework yet: nothing to be protected (CP-395).
      assertThat(scenario.refusal().status()).isEqualTo(400);
      Scenario guarded = without(Action.TEARDOWN_FRAMEWORKS, names("p"));
      offered(guarded);
      operator(guarded, "ops", call(type));
      assertThat(guarded.refusal().status()).isEqualTo(403);
      assertThat(guarded.refusal().message()).contains("'ops'", "teardown_frameworks");
    } else {
      assertThat(scenario.refusal().status()).isEqualTo(403);
      assertThat(scenario.refusal().message()).contains("'ops'", "not authorized");
    }
  }

  private static Call.Builder call(Call.Type type) {
    Call.Builder call = Call.newBuilder().setType(type);
    AgentID agent = AgentID.newBuilder().setValue(Scenario.agentId(0).value()).build();
    call.getTeardownBuilder().setFrameworkId(FrameworkID.newBuilder().setValue(Scenario.id(0)));
    call.getMarkAgentGoneBuilder().setAgentId(agent);
    call.getDrainAgentBuilder().setAgentId(agent);
    call.getDeactivateAgentBuilder().setAgentId(agent);
    call.getReactivateAgentBuilder().setAgentId(agent);
    call.getUpdateMaintenanceScheduleBuilder().getScheduleBuilder();
    return call;
  }
}
