package io.quorate.master.state.table;

import io.quorate.master.state.entity.Accept;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.GoneAgent;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Machine;
import io.quorate.master.state.entity.Maintenance;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.entity.Role;
import io.quorate.master.state.id.AcceptKey;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.MachineKey;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TurnKey;
import io.quorate.master.state.row.AcceptRow;
import io.quorate.master.state.row.ExecutorRow;
import io.quorate.master.state.row.GoneAgentRow;
import io.quorate.master.state.row.InverseOfferRow;
import io.quorate.master.state.row.MachineRow;
import io.quorate.master.state.row.MaintenanceRow;
import io.quorate.master.state.row.OperationRow;
import io.quorate.master.state.row.RoleRow;
import io.quorate.master.state.row.TurnsRow;
import io.quorate.protocol.resources.Resources;
import java.util.Optional;
import org.pcollections.TreePMap;

/** {@link Rows} for executors, operations, repeated calls and maintenance. */
public final class MoreRows {
  private MoreRows() {}

  public static ExecutorRow of(Executor executor) {
    return ExecutorRow.newBuilder()
        .setFrameworkId(executor.key().framework().value())
        .setAgentId(executor.key().agent().value())
        .setInfo(executor.info())
        .setRole(executor.role())
        .addAllResources(executor.resources().toProtos())
        .build();
  }

  public static Executor from(ExecutorRow row) {
    ExecutorKey key =
        new ExecutorKey(
            new FrameworkId(row.getFrameworkId()),
            new AgentId(row.getAgentId()),
            row.getInfo().getExecutorId().getValue());
    return new Executor(key, row.getInfo(), row.getRole(), Resources.of(row.getResourcesList()));
  }

  public static OperationRow of(Operation operation) {
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

  public static Operation from(OperationRow row) {
    return new Operation(
        new OperationKey(row.getUuid()),
        row.hasFrameworkId()
            ? Optional.of(new FrameworkId(row.getFrameworkId()))
            : Optional.empty(),
        new AgentId(row.getAgentId()),
        row.getInfo(),
        row.getRole(),
        Resources.of(row.getHeldList()),
        Resources.of(row.getBecomesList()),
        row.getStatus());
  }

  public static AcceptRow of(Accept accept) {
    return AcceptRow.newBuilder()
        .setFrameworkId(accept.key().framework().value())
        .setNumber(accept.key().number())
        .addAllOfferIds(accept.offers().stream().map(OfferId::value).toList())
        .setDigest(accept.digest())
        .build();
  }

  public static Accept from(AcceptRow row) {
    return new Accept(
        new AcceptKey(new FrameworkId(row.getFrameworkId()), row.getNumber()),
        row.getOfferIdsList().stream().map(OfferId::new).toList(),
        row.getDigest());
  }

  public static GoneAgentRow of(GoneAgent agent) {
    return GoneAgentRow.newBuilder()
        .setAgentId(agent.id().value())
        .setSinceNanos(agent.sinceNanos())
        .setForgetNanos(agent.forgetNanos())
        .build();
  }

  public static GoneAgent from(GoneAgentRow row) {
    return new GoneAgent(new AgentId(row.getAgentId()), row.getSinceNanos(), row.getForgetNanos());
  }

  public static InverseOfferRow of(InverseOffer offer) {
    return InverseOfferRow.newBuilder()
        .setOfferId(offer.id().value())
        .setFrameworkId(offer.framework().value())
        .setAgentId(offer.agent().value())
        .setUnavailability(offer.unavailability())
        .build();
  }

  public static InverseOffer from(InverseOfferRow row) {
    return new InverseOffer(
        new OfferId(row.getOfferId()),
        new FrameworkId(row.getFrameworkId()),
        new AgentId(row.getAgentId()),
        row.getUnavailability());
  }

  public static RoleRow of(Role role) {
    RoleRow.Builder row = RoleRow.newBuilder().setName(role.name());
    role.weight().ifPresent(row::setWeight);
    if (role.hasQuota()) {
      row.setQuota(role.quota());
    }
    return row.build();
  }

  public static Role from(RoleRow row) {
    Role role = Role.named(row.getName());
    role = row.hasWeight() ? role.weighing(row.getWeight()) : role;
    return row.hasQuota() ? role.with(row.getQuota()) : role;
  }

  public static TurnsRow of(TurnKey key, long turns) {
    return TurnsRow.newBuilder()
        .setFrameworkId(key.framework().value())
        .setRole(key.role())
        .setTurns(turns)
        .build();
  }

  public static MaintenanceRow of(Maintenance maintenance) {
    MaintenanceRow.Builder row = MaintenanceRow.newBuilder().setSchedule(maintenance.schedule());
    for (Machine machine : maintenance.machines().values()) {
      MachineRow.Builder each =
          MachineRow.newBuilder()
              .setId(machine.key().toProto())
              .setUnavailability(machine.unavailability())
              .setDown(machine.down());
      machine
          .answers()
          .forEach(
              (who, answer) ->
                  each.addAnswers(
                      MachineRow.Answer.newBuilder()
                          .setAgentId(who.agent().value())
                          .setStatus(answer)));
      row.addMachines(each);
    }
    return row.build();
  }

  public static Maintenance from(MaintenanceRow row) {
    TreePMap<MachineKey, Machine> machines = TreePMap.empty();
    for (MachineRow each : row.getMachinesList()) {
      MachineKey key = MachineKey.of(each.getId());
      Machine machine =
          new Machine(key, each.getUnavailability(), each.getDown(), TreePMap.empty());
      for (MachineRow.Answer answer : each.getAnswersList()) {
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
