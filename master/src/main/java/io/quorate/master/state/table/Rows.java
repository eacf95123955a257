package io.quorate.master.state.table;

import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Cluster;
import io.quorate.master.state.entity.Counters;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Service;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.row.AgentRow;
import io.quorate.master.state.row.ClusterRow;
import io.quorate.master.state.row.CommandRow;
import io.quorate.master.state.row.CompletedFrameworkRow;
import io.quorate.master.state.row.FilterRow;
import io.quorate.master.state.row.FrameworkRow;
import io.quorate.master.state.row.OfferRow;
import io.quorate.master.state.row.TaskRow;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.TaskStatus;
import java.util.Optional;
import org.pcollections.TreePMap;

/** Each value to its row and back. */
public final class Rows {
  private Rows() {}

  public static ClusterRow of(Cluster cluster) {
    ClusterRow.Builder row = ClusterRow.newBuilder();
    if (cluster.leaderTerm() > 0) {
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

  public static Cluster from(ClusterRow row) {
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

  public static FrameworkRow of(Framework framework) {
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

  public static Framework from(FrameworkRow row) {
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

  public static AgentRow of(Agent agent) {
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
    return row.build();
  }

  public static Agent from(AgentRow row) {
    return new Agent(
        new AgentId(row.getAgentId()),
        row.getInfo(),
        Resources.of(row.getTotalList()),
        row.getRegistrationId(),
        new Agent.Link(
            row.getLinkId(), row.getAddress(), row.getVersion(), row.getCapabilitiesList()),
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
        Resources.EMPTY,
        Resources.EMPTY);
  }

  public static OfferRow of(Offer offer) {
    return OfferRow.newBuilder()
        .setOfferId(offer.id().value())
        .setFrameworkId(offer.framework().value())
        .setAgentId(offer.agent().value())
        .setRole(offer.role())
        .addAllResources(offer.resources().toProtos())
        .setDeadlineNanos(offer.deadlineNanos())
        .build();
  }

  public static Offer from(OfferRow row) {
    return new Offer(
        new OfferId(row.getOfferId()),
        new FrameworkId(row.getFrameworkId()),
        new AgentId(row.getAgentId()),
        row.getRole(),
        Resources.of(row.getResourcesList()),
        row.getDeadlineNanos());
  }

  public static TaskRow of(Task task) {
    return of(0, task);
  }

  /** With its place in the history. */
  public static TaskRow of(long completedNumber, Task task) {
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

  public static Task from(TaskRow row) {
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

  public static FilterRow of(Filter filter) {
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

  public static Filter from(FilterRow row) {
    FilterKey key =
        new FilterKey(
            new FrameworkId(row.getFrameworkId()),
            row.getRole(),
            new AgentId(row.getAgentId()),
            row.getNumber());
    long deadline = row.getDeadlineNanos();
    return new Filter(
        key,
        Resources.of(row.getResourcesList()),
        deadline,
        row.hasForgetNanos() ? row.getForgetNanos() : deadline);
  }

  public static CommandRow of(AgentId agent, Command command) {
    return CommandRow.newBuilder().setAgentId(agent.value()).setCommand(command).build();
  }

  public static CompletedFrameworkRow of(long number, Framework framework) {
    return CompletedFrameworkRow.newBuilder().setNumber(number).setFramework(of(framework)).build();
  }
}
