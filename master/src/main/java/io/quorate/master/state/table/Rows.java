package io.quorate.master.state.table;

import io.quorate.master.state.entity.Accept;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Cluster;
import io.quorate.master.state.entity.Counters;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.FrameworkVariable;
import io.quorate.master.state.entity.GoneAgent;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Machine;
import io.quorate.master.state.entity.Maintenance;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.entity.Role;
import io.quorate.master.state.entity.Service;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AcceptKey;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.MachineKey;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TurnKey;
import io.quorate.master.state.id.VariableKey;
import io.quorate.master.state.row.AcceptRow;
import io.quorate.master.state.row.AgentRow;
import io.quorate.master.state.row.ClusterRow;
import io.quorate.master.state.row.CommandRow;
import io.quorate.master.state.row.CompletedFrameworkRow;
import io.quorate.master.state.row.ExecutorRow;
import io.quorate.master.state.row.FilterRow;
import io.quorate.master.state.row.FrameworkRow;
import io.quorate.master.state.row.GoneAgentRow;
import io.quorate.master.state.row.InverseOfferRow;
import io.quorate.master.state.row.MachineRow;
import io.quorate.master.state.row.MaintenanceRow;
import io.quorate.master.state.row.OfferRow;
import io.quorate.master.state.row.OperationRow;
import io.quorate.master.state.row.RoleRow;
import io.quorate.master.state.row.TaskRow;
import io.quorate.master.state.row.TurnsRow;
import io.quorate.master.state.row.VariableRow;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.TaskStatus;
import java.util.Optional;
import org.pcollections.TreePMap;

/**
 * Turns every kind of value into its row and back. A row that lacks a field is read as if the field
 * had its default value, so that what a damaged or older row says is never a reason to throw.
 */
public final class Rows {
  private Rows() {}

  public static ClusterRow clusterRow(Cluster cluster) {
    ClusterRow.Builder row = ClusterRow.newBuilder();
    if (cluster.leaderTerm() != 0) {
      row.setLeader(cluster.leader());
    }
    return row.setId(cluster.id())
        .setLeaderTerm(cluster.leaderTerm())
        .setTimeNanos(cluster.timeNanos())
        .setNextFramework(cluster.next().framework())
        .setNextAgent(cluster.next().agent())
        .setNextOffer(cluster.next().offer())
        .setNextFilter(cluster.next().filter())
        .setNextCompletedFramework(cluster.next().completedFramework())
        .setNextOperation(cluster.next().operation())
        .setNextAccept(cluster.next().accept())
        .build();
  }

  public static Cluster cluster(ClusterRow row) {
    return new Cluster(
        row.getId(),
        row.getLeaderTerm(),
        row.getLeader(),
        row.getTimeNanos(),
        new Counters(
            row.getNextFramework(),
            row.getNextAgent(),
            row.getNextOffer(),
            row.getNextFilter(),
            row.getNextCompletedFramework(),
            row.getNextOperation(),
            row.getNextAccept()));
  }

  public static FrameworkRow frameworkRow(Framework framework) {
    return FrameworkRow.newBuilder()
        .setFrameworkId(framework.id().value())
        .setInfo(framework.info())
        .setStreamId(framework.streamId())
        .setDeadlineNanos(framework.deadlineNanos())
        .setAwaited(framework.awaited())
        .addAllSuppressedRoles(framework.suppressedRoles())
        .setOfferConstraints(framework.constraints())
        .setRegisteredNanos(framework.registeredNanos())
        .setReregisteredNanos(framework.reregisteredNanos())
        .setUnregisteredNanos(framework.unregisteredNanos())
        .setNextCompletedTask(framework.nextCompletedTask())
        .build();
  }

  public static Framework framework(FrameworkRow row) {
    return new Framework(
        new FrameworkId(row.getFrameworkId()),
        row.getInfo(),
        new Framework.Attachment(row.getStreamId(), row.getDeadlineNanos(), row.getAwaited()),
        Framework.Wishes.of(row.getSuppressedRolesList(), row.getOfferConstraints()),
        new Framework.Times(
            row.getRegisteredNanos(), row.getReregisteredNanos(), row.getUnregisteredNanos()),
        row.getNextCompletedTask(),
        TreePMap.empty());
  }

  public static AgentRow agentRow(Agent agent) {
    AgentRow.Builder row =
        AgentRow.newBuilder()
            .setAgentId(agent.id().value())
            .setInfo(agent.info())
            .addAllTotal(agent.total().toProtos())
            .setRegistrationId(agent.registrationId())
            .setLinkId(agent.linkId())
            .setAddress(agent.link().address())
            .setVersion(agent.version())
            .addAllCapabilities(agent.capabilities())
            .setLastCommand(agent.lastCommand())
            .setCommandsDone(agent.commandsDone())
            .setDeactivated(agent.service().deactivated())
            .setDrainStartedNanos(agent.service().drainStartedNanos())
            .setRegisteredNanos(agent.registeredNanos())
            .setReregisteredNanos(agent.reregisteredNanos())
            .setUnreachableNanos(agent.unreachableNanos())
            .setForgetNanos(agent.times().forget());
    agent.service().drain().ifPresent(row::setDrain);
    if (!agent.key().isEmpty()) {
      row.setKey(agent.key());
    }
    return row.build();
  }

  public static Agent agent(AgentRow row) {
    return new Agent(
        new AgentId(row.getAgentId()),
        row.getInfo(),
        Resources.countable(row.getTotalList()),
        row.getRegistrationId(),
        new Agent.Link(
            row.getLinkId(),
            row.getAddress(),
            row.getVersion(),
            row.getCapabilitiesList(),
            row.getKey()),
        new Agent.Commands(row.getLastCommand(), row.getCommandsDone()),
        new Service(
            row.getDeactivated(),
            row.hasDrain() ? Optional.of(row.getDrain()) : Optional.empty(),
            row.getDrainStartedNanos()),
        new Agent.Times(
            row.getRegisteredNanos(),
            row.getReregisteredNanos(),
            row.getUnreachableNanos(),
            row.getForgetNanos()),
        Agent.Holdings.NONE);
  }

  public static OfferRow offerRow(Offer offer) {
    return OfferRow.newBuilder()
        .setOfferId(offer.id().value())
        .setFrameworkId(offer.framework().value())
        .setAgentId(offer.agent().value())
        .setRole(offer.role())
        .addAllResources(offer.resources().toProtos())
        .setDeadlineNanos(offer.deadlineNanos())
        .build();
  }

  public static Offer offer(OfferRow row) {
    return new Offer(
        new OfferId(row.getOfferId()),
        new FrameworkId(row.getFrameworkId()),
        new AgentId(row.getAgentId()),
        row.getRole(),
        Resources.countable(row.getResourcesList()),
        row.getDeadlineNanos());
  }

  public static TaskRow taskRow(Task task) {
    return completedTaskRow(0, task);
  }

  /** A task that is over is stored with its place among the completed tasks of its framework. */
  public static TaskRow completedTaskRow(long completedNumber, Task task) {
    TaskRow.Builder row =
        TaskRow.newBuilder()
            .setFrameworkId(task.key().framework().value())
            .setInfo(task.info())
            .setState(task.state())
            .addAllStatuses(task.statuses())
            .setUnreachable(task.unreachable())
            .setCompletedNumber(completedNumber);
    if (task.pending().hasUuid()) {
      row.setPending(task.pending());
    }
    return row.build();
  }

  public static Task task(TaskRow row) {
    FrameworkId framework = new FrameworkId(row.getFrameworkId());
    Task launched = Task.launched(framework, Task.parse(row.getInfo()));
    return new Task(
        launched.key(),
        launched.agent(),
        row.getInfo(),
        launched.role(),
        launched.resources(),
        row.getState(),
        row.getStatusesList(),
        row.hasPending() ? row.getPending() : TaskStatus.getDefaultInstance(),
        row.getUnreachable(),
        launched.executorId());
  }

  public static FilterRow filterRow(Filter filter) {
    return FilterRow.newBuilder()
        .setFrameworkId(filter.key().framework().value())
        .setRole(filter.key().role())
        .setAgentId(filter.key().agent().value())
        .setNumber(filter.key().number())
        .addAllResources(filter.resources().toProtos())
        .setDeadlineNanos(filter.deadlineNanos())
        .setForgetNanos(filter.forgetNanos())
        .build();
  }

  public static Filter filter(FilterRow row) {
    FilterKey key =
        new FilterKey(
            new FrameworkId(row.getFrameworkId()),
            row.getRole(),
            new AgentId(row.getAgentId()),
            row.getNumber());
    long deadline = row.getDeadlineNanos();
    return new Filter(
        key,
        Resources.countable(row.getResourcesList()),
        deadline,
        row.hasForgetNanos() ? row.getForgetNanos() : deadline);
  }

  public static CommandRow commandRow(AgentId agent, Command command) {
    return CommandRow.newBuilder().setAgentId(agent.value()).setCommand(command).build();
  }

  public static CompletedFrameworkRow completedFrameworkRow(long number, Framework framework) {
    return CompletedFrameworkRow.newBuilder()
        .setNumber(number)
        .setFramework(frameworkRow(framework))
        .build();
  }

  public static ExecutorRow executorRow(Executor executor) {
    return ExecutorRow.newBuilder()
        .setFrameworkId(executor.key().framework().value())
        .setAgentId(executor.key().agent().value())
        .setInfo(executor.info())
        .setRole(executor.role())
        .addAllResources(executor.resources().toProtos())
        .build();
  }

  public static Executor executor(ExecutorRow row) {
    ExecutorKey key =
        new ExecutorKey(
            new FrameworkId(row.getFrameworkId()),
            new AgentId(row.getAgentId()),
            row.getInfo().getExecutorId().getValue());
    return new Executor(
        key, row.getInfo(), row.getRole(), Resources.countable(row.getResourcesList()));
  }

  public static OperationRow operationRow(Operation operation) {
    OperationRow.Builder row =
        OperationRow.newBuilder()
            .setUuid(operation.key().uuid())
            .setAgentId(operation.agent().value())
            .setInfo(operation.info())
            .setRole(operation.role())
            .addAllHeld(operation.held().toProtos())
            .addAllBecomes(operation.becomes().toProtos())
            .setStatus(operation.status());
    operation.framework().ifPresent(id -> row.setFrameworkId(id.value()));
    return row.build();
  }

  public static Operation operation(OperationRow row) {
    return new Operation(
        new OperationKey(row.getUuid()),
        row.hasFrameworkId()
            ? Optional.of(new FrameworkId(row.getFrameworkId()))
            : Optional.empty(),
        new AgentId(row.getAgentId()),
        row.getInfo(),
        row.getRole(),
        Resources.countable(row.getHeldList()),
        Resources.countable(row.getBecomesList()),
        row.getStatus());
  }

  public static AcceptRow acceptRow(Accept accept) {
    return AcceptRow.newBuilder()
        .setFrameworkId(accept.key().framework().value())
        .setNumber(accept.key().number())
        .addAllOfferIds(accept.offers().stream().map(OfferId::value).toList())
        .setDigest(accept.digest())
        .build();
  }

  public static Accept accept(AcceptRow row) {
    return new Accept(
        new AcceptKey(new FrameworkId(row.getFrameworkId()), row.getNumber()),
        row.getOfferIdsList().stream().map(OfferId::new).toList(),
        row.getDigest());
  }

  public static GoneAgentRow goneAgentRow(GoneAgent agent) {
    return GoneAgentRow.newBuilder()
        .setAgentId(agent.id().value())
        .setSinceNanos(agent.sinceNanos())
        .setForgetNanos(agent.forgetNanos())
        .build();
  }

  public static GoneAgent goneAgent(GoneAgentRow row) {
    return new GoneAgent(new AgentId(row.getAgentId()), row.getSinceNanos(), row.getForgetNanos());
  }

  public static InverseOfferRow inverseOfferRow(InverseOffer offer) {
    return InverseOfferRow.newBuilder()
        .setOfferId(offer.id().value())
        .setFrameworkId(offer.framework().value())
        .setAgentId(offer.agent().value())
        .setUnavailability(offer.unavailability())
        .build();
  }

  public static InverseOffer inverseOffer(InverseOfferRow row) {
    return new InverseOffer(
        new OfferId(row.getOfferId()),
        new FrameworkId(row.getFrameworkId()),
        new AgentId(row.getAgentId()),
        row.getUnavailability());
  }

  public static RoleRow roleRow(Role role) {
    RoleRow.Builder row = RoleRow.newBuilder().setName(role.name());
    role.weight().ifPresent(row::setWeight);
    if (role.hasQuota()) {
      row.setQuota(role.quota());
    }
    return row.build();
  }

  public static Role role(RoleRow row) {
    Role role = Role.named(row.getName());
    role = row.hasWeight() ? role.weighing(row.getWeight()) : role;
    return row.hasQuota() ? role.with(row.getQuota()) : role;
  }

  public static TurnsRow turnsRow(TurnKey key, long turns) {
    return TurnsRow.newBuilder()
        .setFrameworkId(key.framework().value())
        .setRole(key.role())
        .setTurns(turns)
        .build();
  }

  public static VariableRow variableRow(FrameworkVariable variable) {
    return VariableRow.newBuilder()
        .setNamespace(variable.key().namespace())
        .setName(variable.key().name())
        .setVersion(variable.version())
        .setValue(variable.value())
        .setStoredNanos(variable.storedNanos())
        .build();
  }

  public static FrameworkVariable variable(VariableRow row) {
    return new FrameworkVariable(
        new VariableKey(row.getNamespace(), row.getName()),
        row.getVersion(),
        row.getValue(),
        row.getStoredNanos());
  }

  public static MaintenanceRow maintenanceRow(Maintenance maintenance) {
    MaintenanceRow.Builder row = MaintenanceRow.newBuilder().setSchedule(maintenance.schedule());
    for (Machine machine : maintenance.machines().values()) {
      MachineRow.Builder machineRow =
          MachineRow.newBuilder()
              .setId(machine.key().toProto())
              .setUnavailability(machine.unavailability())
              .setDown(machine.down());
      machine
          .answers()
          .forEach(
              (who, answer) ->
                  machineRow.addAnswers(
                      MachineRow.Answer.newBuilder()
                          .setAgentId(who.agent().value())
                          .setStatus(answer)));
      row.addMachines(machineRow);
    }
    return row.build();
  }

  public static Maintenance maintenance(MaintenanceRow row) {
    TreePMap<MachineKey, Machine> machines = TreePMap.empty();
    for (MachineRow machineRow : row.getMachinesList()) {
      MachineKey key = MachineKey.of(machineRow.getId());
      Machine machine =
          new Machine(key, machineRow.getUnavailability(), machineRow.getDown(), TreePMap.empty());
      for (MachineRow.Answer answer : machineRow.getAnswersList()) {
        FrameworkId framework = new FrameworkId(answer.getStatus().getFrameworkId().getValue());
        machine =
            machine.answered(
                new Machine.AnswerKey(framework, new AgentId(answer.getAgentId())),
                answer.getStatus());
      }
      machines = machines.plus(key, machine);
    }
    return new Maintenance(row.getSchedule(), machines);
  }
}
