package io.quorate.master.state;

import io.quorate.master.state.entity.Accept;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Cluster;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.GoneAgent;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Maintenance;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.entity.Role;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AcceptKey;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.CommandKey;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TaskKey;
import io.quorate.master.state.id.TurnKey;
import io.quorate.master.state.table.Table;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Resource;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import org.pcollections.TreePSet;

/** What can be read of the state. */
public abstract sealed class StateTables permits MasterState {
  final Parts parts;

  StateTables(Parts parts) {
    this.parts = parts;
  }

  public Cluster cluster() {
    return parts.cluster.find(Tables.CLUSTER_KEY).orElse(Cluster.NONE);
  }

  public Table<FrameworkId, Framework> frameworks() {
    return parts.frameworks;
  }

  public Table<AgentId, Agent> agents() {
    return parts.agents;
  }

  public Table<OfferId, Offer> offers() {
    return parts.offers;
  }

  public Table<TaskKey, Task> tasks() {
    return parts.tasks;
  }

  public Table<FilterKey, Filter> filters() {
    return parts.filters;
  }

  public Table<CommandKey, Command> commands() {
    return parts.commands;
  }

  /** By the order of their removal. */
  /** The numbers {@code [first, end)} of the frameworks that are over; see {@link History}. */
  long firstCompletedFramework() {
    return parts.completed.isEmpty() ? 0 : parts.completed.firstKey();
  }

  long endOfCompletedFrameworks() {
    return parts.completed.isEmpty() ? 0 : parts.completed.lastKey() + 1;
  }

  /** The number of the first completed task of a framework that is kept; see {@link History}. */
  public long firstCompletedTask(FrameworkId framework) {
    return parts.firstCompletedTask.getOrDefault(framework, 0L);
  }

  /** The active tasks of a framework, by task id. */
  public Iterable<Task> tasksOf(FrameworkId framework) {
    return parts.tasks.range(new TaskKey(framework, ""), new TaskKey(after(framework), ""));
  }

  /** The active tasks on an agent, in order of framework and task id. */
  public Iterable<TaskKey> tasksOn(AgentId agent) {
    return parts.tasksByAgent.getOrDefault(agent, TreePSet.empty());
  }

  /** The outstanding offers of an agent. */
  public Iterable<OfferId> offersOn(AgentId agent) {
    return parts.offersByAgent.getOrDefault(agent, TreePSet.empty());
  }

  /** The outstanding offers to a framework. */
  public Iterable<OfferId> offersTo(FrameworkId framework) {
    return parts.offersByFramework.getOrDefault(framework, TreePSet.empty());
  }

  /** The filters of a framework, by role and agent. */
  public Iterable<Filter> filtersOf(FrameworkId framework) {
    return parts.filters.range(
        new FilterKey(framework, "", new AgentId(""), 0),
        new FilterKey(after(framework), "", new AgentId(""), 0));
  }

  /** The filters of a framework for offers of one role and agent. */
  public Iterable<Filter> filtersOf(FrameworkId framework, String role, AgentId agent) {
    return parts.filters.range(
        new FilterKey(framework, role, agent, 0),
        new FilterKey(framework, role, new AgentId(agent.value() + "\0"), 0));
  }

  /** The agent's commands after a number, in order. */
  public Iterable<Command> commandsAfter(AgentId agent, long number) {
    return parts.commands.range(
        new CommandKey(agent, number + 1), new CommandKey(agent, Long.MAX_VALUE));
  }

  /** The agent that registered under this registration id. */
  public Optional<AgentId> registered(String registrationId) {
    return Optional.ofNullable(parts.registrations.get(registrationId));
  }

  /** Whether the framework was removed and is still in the history (CP-116). */
  public boolean removed(FrameworkId framework) {
    return parts.completedNumbers.containsKey(framework);
  }

  public Table<ExecutorKey, Executor> executors() {
    return parts.executors;
  }

  /** The executors that frameworks described themselves and that run on an agent. */
  public Iterable<ExecutorKey> executorsOn(AgentId agent) {
    return parts.executorsByAgent.getOrDefault(agent, TreePSet.empty());
  }

  /** A framework's executors on an agent. */
  public Iterable<Executor> executorsOf(FrameworkId framework, AgentId agent) {
    return parts.executors.range(
        new ExecutorKey(framework, agent, ""),
        new ExecutorKey(framework, new AgentId(agent.value() + "\0"), ""));
  }

  /** All of a framework's executors. */
  public Iterable<Executor> executorsOf(FrameworkId framework) {
    return parts.executors.range(
        new ExecutorKey(framework, new AgentId(""), ""),
        new ExecutorKey(after(framework), new AgentId(""), ""));
  }

  public Table<OperationKey, Operation> operations() {
    return parts.operations;
  }

  /** The operations of an agent that are not over, or not acknowledged. */
  public Iterable<OperationKey> operationsOn(AgentId agent) {
    return parts.operationsByAgent.getOrDefault(agent, TreePSet.empty());
  }

  /** The same of a framework. */
  public Iterable<OperationKey> operationsOf(FrameworkId framework) {
    return parts.operationsByFramework.getOrDefault(framework, TreePSet.empty());
  }

  /** The ACCEPT that used an offer, while it is remembered; known by the first of its offers. */
  public Optional<Accept> acceptOf(OfferId firstOffer) {
    return Optional.ofNullable(parts.acceptsByOffer.get(firstOffer)).flatMap(parts.accepts::find);
  }

  /** The remembered ACCEPTs of a framework, oldest first. */
  public Iterable<Accept> acceptsOf(FrameworkId framework) {
    return parts.accepts.range(
        new AcceptKey(framework, 0), new AcceptKey(framework, Long.MAX_VALUE));
  }

  /** Done ACCEPTs that are remembered. */
  public Table<AcceptKey, Accept> accepts() {
    return parts.accepts;
  }

  public Table<AgentId, GoneAgent> goneAgents() {
    return parts.goneAgents;
  }

  public Table<OfferId, InverseOffer> inverseOffers() {
    return parts.inverseOffers;
  }

  public Maintenance maintenance() {
    return parts.maintenance.find(Tables.MAINTENANCE_KEY).orElse(Maintenance.NONE);
  }

  /** What operators said of roles, by name. */
  public Table<String, Role> roles() {
    return parts.roles;
  }

  /** How many offers a framework got in a role. */
  public long turns(FrameworkId framework, String role) {
    return parts.turns.find(new TurnKey(framework, role)).orElse(0L);
  }

  Iterable<TurnKey> turnsOf(FrameworkId framework) {
    return parts.turns.keys(new TurnKey(framework, ""), new TurnKey(after(framework), ""));
  }

  /**
   * What counts against the quota of a role and all below it (Mesos 5.3): every reservation, and
   * what is held or on offer without being reserved or revocable.
   */
  public Quantities consumed(String role) {
    return RoleSums.ofSubtree(parts.roleSums.reserved(), role)
        .plus(RoleSums.ofSubtree(parts.roleSums.charged(), role));
  }

  /** What is reserved for a role and all below it. */
  public Quantities reserved(String role) {
    return RoleSums.ofSubtree(parts.roleSums.reserved(), role);
  }

  /** Whether it counts against a quota as soon as it is offered: not reserved, not revocable. */
  public static boolean charges(Resource resource) {
    return RoleSums.charges(resource);
  }

  /** How many frameworks, each in each of its roles, were offered anything yet. */
  public int clientsServed() {
    return parts.turns.size();
  }

  /** What is charged of some resources: revocable ones and reserved ones are not. */
  public static Quantities charge(Resources resources) {
    return RoleSums.charge(resources);
  }

  /** The roles that anything is reserved for. */
  public Set<String> reservingRoles() {
    return Collections.unmodifiableSet(parts.roleSums.reserved().keySet());
  }

  /** The agents whose drain is not done. */
  public TreePSet<AgentId> draining() {
    return parts.draining;
  }

  /** The deadlines, soonest first. */
  public TreePSet<Timer> timers() {
    return parts.timers;
  }

  /** The least id that is greater than every key that begins with this framework. */
  static FrameworkId after(FrameworkId framework) {
    return new FrameworkId(framework.value() + "\0");
  }
}
