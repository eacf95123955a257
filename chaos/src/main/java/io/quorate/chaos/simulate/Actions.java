package io.quorate.chaos.simulate;

import com.google.protobuf.ByteString;
import io.quorate.chaos.simulate.agent.SimulatedAgent;
import io.quorate.chaos.simulate.framework.OfferActions;
import io.quorate.chaos.simulate.framework.SimulatedFramework;
import io.quorate.chaos.simulate.master.SimulatedMember;
import io.quorate.chaos.simulate.master.SimulatedQuorum;
import io.quorate.chaos.simulate.world.ActionPlan;
import io.quorate.chaos.simulate.world.World;
import io.quorate.master.event.OperatorCall;
import io.quorate.master.event.VariableCall;
import io.quorate.master.event.VariableCondition;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.MachineID;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.maintenance.Window;
import io.quorate.protocol.v1.master.Call;
import io.quorate.protocol.v1.quota.QuotaConfig;
import java.util.ArrayList;
import java.util.List;

/** Performs the actions of a plan, each with what is there to do it to. */
final class Actions {
  private final World world;
  private final SimulatedQuorum quorum;
  private final List<SimulatedAgent> agents;
  private final List<SimulatedFramework> frameworks;
  private final OfferActions accepts;
  private final Faults faults;

  /** Whether operators' orders come with one about a variable. Not always, see ActionPlan. */
  private final boolean variables;

  Actions(
      World world,
      SimulatedQuorum quorum,
      List<SimulatedAgent> agents,
      List<SimulatedFramework> frameworks,
      boolean variables) {
    this.variables = variables;
    this.world = world;
    this.quorum = quorum;
    this.agents = agents;
    this.frameworks = frameworks;
    this.accepts = new OfferActions(world);
    this.faults = new Faults(world, quorum);
  }

  void perform(ActionPlan.Action action) {
    if (faults.perform(action)) {
      return;
    }
    SimulatedFramework framework = frameworks.get(action.choice() % frameworks.size());
    SimulatedAgent agent = agents.get(action.choice() % agents.size());
    switch (action.kind()) {
      case ACCEPT -> withOffer(framework, offer -> accepts.launch(framework, offer));
      case OPERATE -> withOffer(framework, offer -> accepts.operate(framework, offer));
      case DECLINE -> withOffer(framework, offer -> accepts.decline(framework, offer));
      case KILL -> framework.tasks().stream().findFirst().ifPresent(framework::kill);
      case RECONCILE -> framework.reconcile();
      case SUPPRESS, REVIVE -> roles(framework, action.kind());
      case TEARDOWN -> {
        if (action.choice() % 4 == 0 && framework.connected()) {
          framework.send(framework.call(io.quorate.protocol.v1.scheduler.Call.Type.TEARDOWN));
        }
      }
      case UPDATE_FRAMEWORK, NONSENSE -> nonsense(framework);
      case ANSWER_INVERSE ->
          framework.inverseOffers().forEach(offer -> accepts.answer(framework, offer));
      case CUT_STREAM -> framework.cutStream();
      case ANOTHER_SCHEDULER -> framework.connect();
      case CUT_LINK -> agent.cutLink();
      case PARTITION_AGENT -> {
        world.note("agent partitioned");
        agent.partition((2 + action.choice() % 20) * World.SECOND);
      }
      case KILL_AGENT -> agent.kill((1 + action.choice() / 8 % 8) * World.SECOND);
      case CUT_POWER_OF_AGENT -> {
        long length = (1 + action.choice() / 8 % 8) * World.SECOND;
        if (action.choice() / 64 % 2 == 0) {
          agent.losePower(length);
        } else {
          agent.losePowerAtNextWrite(length);
        }
      }
      case SLOW_DISK_OF_AGENT -> {
        agent.slowDisk((1 + action.choice() / 8 % 8) * World.SECOND);
        long then = (300 + action.choice() % 1200) * World.MILLI;
        switch (action.choice() / 64 % 3) {
          case 0 -> world.after(then, agent::cutLink);
          case 1 -> world.after(then, () -> agent.losePower(World.SECOND));
          default -> {}
        }
      }
      case EXECUTOR_EXITS -> agent.host().anyExecutorExits();
      case OPERATOR -> operator(agent, action.choice());
      default -> throw new IllegalArgumentException(action.kind().toString());
    }
  }

  private interface OfferDeed {
    void with(Offer offer);
  }

  private void withOffer(SimulatedFramework framework, OfferDeed action) {
    if (framework.connected() && !framework.offers().isEmpty()) {
      Offer offer = framework.offers().get(0);
      framework.forget(offer);
      action.with(offer);
    }
  }

  private static void roles(SimulatedFramework framework, ActionPlan.Kind kind) {
    if (framework.connected()) {
      framework.send(
          framework.call(
              kind == ActionPlan.Kind.SUPPRESS
                  ? io.quorate.protocol.v1.scheduler.Call.Type.SUPPRESS
                  : io.quorate.protocol.v1.scheduler.Call.Type.REVIVE));
    }
  }

  /** Refused, or without effect. */
  private void nonsense(SimulatedFramework framework) {
    framework.sendStale(framework.call(io.quorate.protocol.v1.scheduler.Call.Type.TEARDOWN));
    if (framework.connected()) {
      var unknown = framework.call(io.quorate.protocol.v1.scheduler.Call.Type.ACCEPT);
      unknown.getAcceptBuilder().addOfferIdsBuilder().setValue("none");
      framework.send(unknown);
      framework.kill("nobody");
    }
  }

  // -- Operators --------------------------------------------------------------------------------

  private void operator(SimulatedAgent agent, int choice) {
    AgentID id = AgentID.newBuilder().setValue(agent.id()).build();
    Call.Builder call = Call.newBuilder();
    switch (choice / 8 % 10) {
      case 0 -> {
        call.setType(Call.Type.DRAIN_AGENT);
        call.getDrainAgentBuilder().setAgentId(id);
      }
      case 1 -> {
        call.setType(Call.Type.MARK_AGENT_GONE);
        call.getMarkAgentGoneBuilder().setAgentId(id);
      }
      case 2 -> {
        call.setType(Call.Type.DEACTIVATE_AGENT);
        call.getDeactivateAgentBuilder().setAgentId(id);
      }
      case 3, 4 -> {
        call.setType(Call.Type.REACTIVATE_AGENT);
        call.getReactivateAgentBuilder().setAgentId(id);
      }
      case 5 -> {
        call.setType(Call.Type.UPDATE_MAINTENANCE_SCHEDULE);
        Window.Builder window = Window.newBuilder();
        window.addMachineIds(MachineID.newBuilder().setHostname("h" + choice % 3));
        window.getUnavailabilityBuilder().getStartBuilder().setNanoseconds(World.EPOCH);
        call.getUpdateMaintenanceScheduleBuilder().getScheduleBuilder().addWindows(window);
      }
      case 6 -> {
        call.setType(Call.Type.UPDATE_QUOTA);
        QuotaConfig.Builder quota = call.getUpdateQuotaBuilder().addQuotaConfigsBuilder();
        quota.setRole("dev").putLimits("cpus", cpus(1 + choice % 5));
        quota.putGuarantees("cpus", cpus(choice % 3));
      }
      case 7 -> {
        call.setType(Call.Type.UPDATE_WEIGHTS);
        call.getUpdateWeightsBuilder()
            .addWeightInfosBuilder()
            .setRole("dev")
            .setWeight(1 + choice % 3);
      }
      default -> {
        call.setType(Call.Type.RESERVE_RESOURCES);
        call.getReserveResourcesBuilder()
            .setAgentId(id)
            .addResources(OfferActions.reservedDisk(50));
      }
    }
    world.note("operator: " + call.getType() + " " + agent.id());
    order(call);
    if (variables) {
      order(variable(choice / 80));
    }
  }

  /** Of few variables, so that they meet. */
  private static io.quorate.master.event.Call variable(int choice) {
    VariableCall.Builder call =
        VariableCall.newBuilder().setNamespace("n" + choice % 2).setName("v" + choice / 2 % 3);
    VariableCondition.Builder condition = VariableCondition.newBuilder();
    switch (choice / 6 % 4) {
      case 0 -> condition.setAbsent(true);
      case 1 -> condition.setVersion("w" + choice / 24 % 4);
      default -> {}
    }
    if (choice / 24 % 5 == 0) {
      call.getExpungeBuilder().setCondition(condition);
    } else {
      call.getStoreBuilder()
          .setVersion("w" + choice / 96 % 4)
          .setValue(ByteString.copyFromUtf8("x".repeat(choice % 7)))
          .setCondition(condition);
    }
    return io.quorate.master.event.Call.newBuilder().setVariable(call).build();
  }

  private static Value.Scalar cpus(double value) {
    return Value.Scalar.newBuilder().setValue(value).build();
  }

  private void order(Call.Builder call) {
    order(
        io.quorate.master.event.Call.newBuilder()
            .setOperator(OperatorCall.newBuilder().setCall(call))
            .build());
  }

  private void order(io.quorate.master.event.Call call) {
    SimulatedMember leader = quorum.leader();
    if (leader != null) {
      leader.order(call);
    }
  }

  /** All agents may work again, nothing is scheduled or rationed; said until it is so. */
  void reactivateAll() {
    for (int i = 1; i <= 10; i++) {
      world.after(
          i * 4 * World.SECOND,
          () -> {
            Call.Builder schedule =
                Call.newBuilder().setType(Call.Type.UPDATE_MAINTENANCE_SCHEDULE);
            schedule.getUpdateMaintenanceScheduleBuilder().getScheduleBuilder();
            order(schedule);
            Call.Builder quota = Call.newBuilder().setType(Call.Type.UPDATE_QUOTA);
            quota.getUpdateQuotaBuilder().addQuotaConfigsBuilder().setRole("dev");
            order(quota);
            for (SimulatedAgent agent : agents) {
              Call.Builder call = Call.newBuilder().setType(Call.Type.REACTIVATE_AGENT);
              call.getReactivateAgentBuilder().getAgentIdBuilder().setValue(agent.id());
              order(call);
            }
          });
    }
  }

  /** Frameworks whose scheduler forgot them. */
  void tearDownTheRest(MasterState state) {
    List<String> left = new ArrayList<>();
    state.frameworks().values().forEach(framework -> left.add(framework.id().value()));
    for (String id : left) {
      Call.Builder call = Call.newBuilder().setType(Call.Type.TEARDOWN);
      call.getTeardownBuilder().getFrameworkIdBuilder().setValue(id);
      order(call);
    }
    for (Agent agent : state.agents().values()) {
      if (!agent.connected()) {
        Call.Builder gone = Call.newBuilder().setType(Call.Type.MARK_AGENT_GONE);
        gone.getMarkAgentGoneBuilder().getAgentIdBuilder().setValue(agent.id().value());
        order(gone);
      }
    }
  }
}
