package io.quorate.master.state;

import io.quorate.master.state.entity.Accept;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Cluster;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.FrameworkVariable;
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
import io.quorate.master.state.id.VariableKey;
import io.quorate.master.state.table.Table;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Resource;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pcollections.TreePSet;

/**
 * What can be read of a state. {@link MasterState} is the only kind of it, and adds how the next
 * state is made.
 */
public abstract sealed class StateView permits MasterState {
  private final Table<?, ?>[] tables;
  private final Indexes indexes;

  /** What a builder made; the builder must not be used after this. */
  StateView(StateBuilder built) {
    this.tables = built.tables();
    this.indexes = built.indexes();
  }

  // Each place holds the table of the spec that has this place.
  @SuppressWarnings("unchecked")
  <K extends Comparable<K>, V> Table<K, V> table(TableSpec<K, V> spec) {
    return (Table<K, V>) tables[spec.place()];
  }

  Indexes indexes() {
    return indexes;
  }

  /** Begins the next state with what this one has. */
  StateBuilder builder() {
    return StateBuilder.of(tables, indexes);
  }

  // -- The tables -------------------------------------------------------------------------------

  /** What there is one of. */
  public Cluster cluster() {
    return table(Tables.CLUSTER).find(Tables.CLUSTER_KEY).orElse(Cluster.NONE);
  }

  /** The frameworks that are subscribed, or within their fail-over time-outs. */
  public Table<FrameworkId, Framework> frameworks() {
    return table(Tables.FRAMEWORKS);
  }

  /** The agents that are registered, the unreachable ones among them. */
  public Table<AgentId, Agent> agents() {
    return table(Tables.AGENTS);
  }

  /** The outstanding offers. */
  public Table<OfferId, Offer> offers() {
    return table(Tables.OFFERS);
  }

  /** The active tasks: those that are not over, or whose end is not acknowledged. */
  public Table<TaskKey, Task> tasks() {
    return table(Tables.TASKS);
  }

  /** What frameworks refused for a while. */
  public Table<FilterKey, Filter> filters() {
    return table(Tables.FILTERS);
  }

  /** What agents were told to do and have not confirmed. */
  public Table<CommandKey, Command> commands() {
    return table(Tables.COMMANDS);
  }

  /** The executors that frameworks described themselves. */
  public Table<ExecutorKey, Executor> executors() {
    return table(Tables.EXECUTORS);
  }

  /** The operations that are not over, or not acknowledged. */
  public Table<OperationKey, Operation> operations() {
    return table(Tables.OPERATIONS);
  }

  /** The ACCEPTs that are done and remembered. */
  public Table<AcceptKey, Accept> accepts() {
    return table(Tables.ACCEPTS);
  }

  /** The agents that may never come back. */
  public Table<AgentId, GoneAgent> goneAgents() {
    return table(Tables.GONE_AGENTS);
  }

  /** The outstanding inverse offers. */
  public Table<OfferId, InverseOffer> inverseOffers() {
    return table(Tables.INVERSE_OFFERS);
  }

  /** The maintenance schedule and its machines. */
  public Maintenance maintenance() {
    return table(Tables.MAINTENANCE).find(Tables.MAINTENANCE_KEY).orElse(Maintenance.NONE);
  }

  /** What operators said of roles, by name. */
  public Table<String, Role> roles() {
    return table(Tables.ROLES);
  }

  /** What frameworks keep here, by namespace and name. */
  public Table<VariableKey, FrameworkVariable> variables() {
    return table(Tables.VARIABLES);
  }

  /** How many offers a framework got in a role. */
  public long turns(FrameworkId framework, String role) {
    return table(Tables.TURNS).find(new TurnKey(framework, role)).orElse(0L);
  }

  // -- By something else than the key -----------------------------------------------------------

  /** The active tasks of a framework, by task id. */
  public Iterable<Task> tasksOf(FrameworkId framework) {
    return tasks().range(new TaskKey(framework, ""), new TaskKey(framework.next(), ""));
  }

  /** The active tasks on an agent, in order of framework and task id. */
  public Iterable<TaskKey> tasksOn(AgentId agent) {
    return indexes.tasksByAgent.getOrDefault(agent, TreePSet.empty());
  }

  /** The outstanding offers of an agent. */
  public Iterable<OfferId> offersOn(AgentId agent) {
    return indexes.offersByAgent.getOrDefault(agent, TreePSet.empty());
  }

  /** The outstanding offers to a framework. */
  public Iterable<OfferId> offersTo(FrameworkId framework) {
    return indexes.offersByFramework.getOrDefault(framework, TreePSet.empty());
  }

  /** The filters of a framework, by role and agent. */
  public Iterable<Filter> filtersOf(FrameworkId framework) {
    AgentId any = new AgentId("");
    return filters()
        .range(new FilterKey(framework, "", any, 0), new FilterKey(framework.next(), "", any, 0));
  }

  /** The filters of a framework for offers of one role and agent. */
  public Iterable<Filter> filtersOf(FrameworkId framework, String role, AgentId agent) {
    return filters()
        .range(
            new FilterKey(framework, role, agent, 0),
            new FilterKey(framework, role, agent.next(), 0));
  }

  /** The commands of an agent after a number, in order. */
  public Iterable<Command> commandsAfter(AgentId agent, long number) {
    return commands()
        .range(new CommandKey(agent, number + 1), new CommandKey(agent, Long.MAX_VALUE));
  }

  /** The agent that registered under this registration id. */
  public Optional<AgentId> registered(String registrationId) {
    TreePSet<AgentId> agents = indexes.registrations.get(registrationId);
    return agents == null ? Optional.empty() : Optional.of(agents.first());
  }

  /** The executors that frameworks described themselves and that run on an agent. */
  public Iterable<ExecutorKey> executorsOn(AgentId agent) {
    return indexes.executorsByAgent.getOrDefault(agent, TreePSet.empty());
  }

  /** The executors of a framework on an agent. */
  public Iterable<Executor> executorsOf(FrameworkId framework, AgentId agent) {
    return executors()
        .range(new ExecutorKey(framework, agent, ""), new ExecutorKey(framework, agent.next(), ""));
  }

  /** All executors of a framework. */
  public Iterable<Executor> executorsOf(FrameworkId framework) {
    AgentId any = new AgentId("");
    return executors()
        .range(new ExecutorKey(framework, any, ""), new ExecutorKey(framework.next(), any, ""));
  }

  /** The operations of an agent that are not over, or not acknowledged. */
  public Iterable<OperationKey> operationsOn(AgentId agent) {
    return indexes.operationsByAgent.getOrDefault(agent, TreePSet.empty());
  }

  /** The operations of a framework that are not over, or not acknowledged. */
  public Iterable<OperationKey> operationsOf(FrameworkId framework) {
    return indexes.operationsByFramework.getOrDefault(framework, TreePSet.empty());
  }

  /** The ACCEPT that used an offer, while it is remembered; known by the first of its offers. */
  public Optional<Accept> acceptOf(OfferId firstOffer) {
    TreePSet<AcceptKey> keys = indexes.acceptsByOffer.get(firstOffer);
    return keys == null ? Optional.empty() : accepts().find(keys.last());
  }

  /** The remembered ACCEPTs of a framework, oldest first. */
  public Iterable<Accept> acceptsOf(FrameworkId framework) {
    return accepts().range(new AcceptKey(framework, 0), new AcceptKey(framework, Long.MAX_VALUE));
  }

  /** The variables of a namespace, by name. */
  public Iterable<FrameworkVariable> variablesOf(String namespace) {
    return variables().range(new VariableKey(namespace, ""), new VariableKey(namespace + '\0', ""));
  }

  Iterable<TurnKey> turnsOf(FrameworkId framework) {
    return table(Tables.TURNS).keys(new TurnKey(framework, ""), new TurnKey(framework.next(), ""));
  }

  // -- Sums and deadlines -----------------------------------------------------------------------

  /**
   * What counts against the quota of a role and all below it (Mesos 5.3): every reservation, and
   * what is held or on offer without being reserved or revocable.
   */
  public Quantities consumed(String role) {
    return RoleSums.ofSubtree(indexes.roleSums.reserved(), role)
        .plus(RoleSums.ofSubtree(indexes.roleSums.charged(), role));
  }

  /** What is reserved for a role and all below it. */
  public Quantities reserved(String role) {
    return RoleSums.ofSubtree(indexes.roleSums.reserved(), role);
  }

  /** The roles that anything is reserved for. */
  public Set<String> reservingRoles() {
    return Collections.unmodifiableSet(indexes.roleSums.reserved().keySet());
  }

  /** Whether it counts against a quota as soon as it is offered: not reserved, not revocable. */
  public static boolean charges(Resource resource) {
    return RoleSums.charges(resource);
  }

  /** What is charged of some resources: revocable ones and reserved ones are not. */
  public static Quantities charge(Resources resources) {
    return RoleSums.charge(resources);
  }

  /** What the variables of each namespace take; one without any is not there. */
  public Map<String, VariableUsage> variableUsage() {
    return Collections.unmodifiableMap(indexes.variableUsage);
  }

  /** What all variables take. */
  public VariableUsage variablesInAll() {
    return indexes.variablesInAll;
  }

  /** How many frameworks, each in each of its roles, were offered anything yet. */
  public int clientsServed() {
    return table(Tables.TURNS).size();
  }

  /** The agents whose drain is not done. */
  public TreePSet<AgentId> draining() {
    return indexes.draining;
  }

  /** The deadlines, soonest first. */
  public TreePSet<Timer> timers() {
    return indexes.timers;
  }

  // -- The history, whose rows are on disk; see CompletedHistory
  // -----------------------------------------

  /** Whether the framework was removed and is still in the history (CP-116). */
  public boolean removed(FrameworkId framework) {
    return indexes.completedNumbers.containsKey(framework);
  }

  /** The number of the first completed framework that is kept. */
  long firstCompletedFramework() {
    return indexes.completed.isEmpty() ? 0 : indexes.completed.firstKey();
  }

  /** The number after that of the last completed framework. */
  long endOfCompletedFrameworks() {
    return indexes.completed.isEmpty() ? 0 : indexes.completed.lastKey() + 1;
  }

  /**
   * The number of the first completed task of a framework that is kept; see {@link
   * CompletedHistory}.
   */
  public long firstCompletedTask(FrameworkId framework) {
    return indexes.firstCompletedTask.getOrDefault(framework, 0L);
  }
}
