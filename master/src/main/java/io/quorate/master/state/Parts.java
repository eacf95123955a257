package io.quorate.master.state;

import io.quorate.master.state.entity.Accept;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Cluster;
import io.quorate.master.state.entity.CompletedFramework;
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
import io.quorate.master.state.id.CompletedTaskKey;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TaskKey;
import io.quorate.master.state.id.TurnKey;
import io.quorate.master.state.table.Table;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.Resources;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The tables of a state and what is derived from them. Mutable only between {@link #copy} and the
 * moment that a {@link MasterState} takes it; never seen outside this package.
 */
final class Parts {
  Table<String, Cluster> cluster = Table.empty();
  Table<FrameworkId, Framework> frameworks = Table.empty();
  Table<AgentId, Agent> agents = Table.empty();
  Table<OfferId, Offer> offers = Table.empty();
  Table<TaskKey, Task> tasks = Table.empty();
  Table<FilterKey, Filter> filters = Table.empty();
  Table<CommandKey, Command> commands = Table.empty();

  /** On their way to disk; kept there, not here. */
  Table<Long, Framework> completedFrameworks = Table.empty();

  Table<CompletedTaskKey, Task> completedTasks = Table.empty();

  Table<ExecutorKey, Executor> executors = Table.empty();
  Table<OperationKey, Operation> operations = Table.empty();
  Table<AcceptKey, Accept> accepts = Table.empty();
  Table<AgentId, GoneAgent> goneAgents = Table.empty();
  Table<OfferId, InverseOffer> inverseOffers = Table.empty();
  Table<String, Maintenance> maintenance = Table.empty();

  /** What operators said of roles. */
  Table<String, Role> roles = Table.empty();

  /** How many offers each framework got in each role. */
  Table<TurnKey, Long> turns = Table.empty();

  // Derived.
  TreePMap<AgentId, TreePSet<TaskKey>> tasksByAgent = TreePMap.empty();
  TreePMap<AgentId, TreePSet<OfferId>> offersByAgent = TreePMap.empty();
  TreePMap<FrameworkId, TreePSet<OfferId>> offersByFramework = TreePMap.empty();
  TreePMap<AgentId, TreePSet<ExecutorKey>> executorsByAgent = TreePMap.empty();
  TreePMap<AgentId, TreePSet<OperationKey>> operationsByAgent = TreePMap.empty();
  TreePMap<FrameworkId, TreePSet<OperationKey>> operationsByFramework = TreePMap.empty();
  TreePMap<OfferId, AcceptKey> acceptsByOffer = TreePMap.empty();
  TreePMap<String, AgentId> registrations = TreePMap.empty();
  TreePMap<Long, CompletedFramework> completed = TreePMap.empty();
  TreePMap<FrameworkId, Long> completedNumbers = TreePMap.empty();
  TreePMap<FrameworkId, Long> firstCompletedTask = TreePMap.empty();
  TreePSet<AgentId> draining = TreePSet.empty();
  TreePSet<Timer> timers = TreePSet.empty();
  RoleSums roleSums = RoleSums.NONE;

  /** Nothing touched: what follows is the next entry's change. */
  Parts settled() {
    Parts next = copy();
    next.cluster = cluster.settled();
    next.frameworks = frameworks.settled();
    next.agents = agents.settled();
    next.offers = offers.settled();
    next.tasks = tasks.settled();
    next.filters = filters.settled();
    next.commands = commands.settled();
    next.completedFrameworks = completedFrameworks.archived();
    next.completedTasks = completedTasks.archived();
    next.executors = executors.settled();
    next.operations = operations.settled();
    next.accepts = accepts.settled();
    next.goneAgents = goneAgents.settled();
    next.inverseOffers = inverseOffers.settled();
    next.maintenance = maintenance.settled();
    next.roles = roles.settled();
    next.turns = turns.settled();
    return next;
  }

  Parts copy() {
    Parts next = new Parts();
    next.cluster = cluster;
    next.frameworks = frameworks;
    next.agents = agents;
    next.offers = offers;
    next.tasks = tasks;
    next.filters = filters;
    next.commands = commands;
    next.completedFrameworks = completedFrameworks;
    next.completedTasks = completedTasks;
    next.executors = executors;
    next.operations = operations;
    next.accepts = accepts;
    next.goneAgents = goneAgents;
    next.inverseOffers = inverseOffers;
    next.maintenance = maintenance;
    next.roles = roles;
    next.turns = turns;
    next.tasksByAgent = tasksByAgent;
    next.offersByAgent = offersByAgent;
    next.offersByFramework = offersByFramework;
    next.executorsByAgent = executorsByAgent;
    next.operationsByAgent = operationsByAgent;
    next.operationsByFramework = operationsByFramework;
    next.acceptsByOffer = acceptsByOffer;
    next.registrations = registrations;
    next.completed = completed;
    next.completedNumbers = completedNumbers;
    next.firstCompletedTask = firstCompletedTask;
    next.draining = draining;
    next.timers = timers;
    next.roleSums = roleSums;
    return next;
  }

  boolean sameTables(Parts other) {
    return cluster.equals(other.cluster)
        && frameworks.equals(other.frameworks)
        && agents.equals(other.agents)
        && offers.equals(other.offers)
        && tasks.equals(other.tasks)
        && filters.equals(other.filters)
        && commands.equals(other.commands)
        && completed.equals(other.completed)
        && firstCompletedTask.equals(other.firstCompletedTask)
        && executors.equals(other.executors)
        && operations.equals(other.operations)
        && accepts.equals(other.accepts)
        && goneAgents.equals(other.goneAgents)
        && inverseOffers.equals(other.inverseOffers)
        && maintenance.equals(other.maintenance)
        && roles.equals(other.roles)
        && turns.equals(other.turns);
  }

  /** In place of the older one, if there is one. */
  void put(Framework framework) {
    FrameworkId id = framework.id();
    frameworks
        .find(id)
        .ifPresent(old -> timers = timers.minus(Timer.framework(id, old.deadlineNanos())));
    if (!framework.connected()) {
      timers = timers.plus(Timer.framework(id, framework.deadlineNanos()));
    }
    frameworks = frameworks.with(id, framework);
  }

  /** In place of the older one, which there is. */
  void put(Agent agent) {
    Agent old = agents.get(agent.id());
    if (old.unreachable()) {
      timers = timers.minus(Timer.unreachable(old.id(), old.times().forget()));
    }
    if (agent.unreachable()) {
      timers = timers.plus(Timer.unreachable(agent.id(), agent.times().forget()));
    }
    agents = agents.with(agent.id(), agent);
    draining = agent.service().draining() ? draining.plus(agent.id()) : draining.minus(agent.id());
    reserve(old, agent);
  }

  /** In place of the older one, which there is. */
  void put(Task task) {
    unindex(tasks.get(task.key()));
    tasks = tasks.with(task.key(), task);
    index(task);
  }

  void add(Executor executor) {
    executors = executors.with(executor.key(), executor);
    index(executor);
  }

  void remove(ExecutorKey key) {
    unindex(executors.get(key));
    executors = executors.without(key);
  }

  void add(Operation operation) {
    operations = operations.with(operation.key(), operation);
    index(operation);
  }

  void remove(OperationKey key) {
    unindex(operations.get(key));
    operations = operations.without(key);
  }

  /** In place of the older one, which there is. */
  void put(Operation operation) {
    remove(operation.key());
    add(operation);
  }

  /** Counts a task in: on its agent, and in what agent and framework hold. */
  void index(Task task) {
    tasksByAgent = added(tasksByAgent, task.agent(), task.key());
    if (task.holding()) {
      change(task.agent(), agent -> agent.using(task.resources()));
      hold(task.key().framework(), task.role(), task.resources());
    }
  }

  /** The opposite of {@link #index(Task)}. */
  void unindex(Task task) {
    tasksByAgent = taken(tasksByAgent, task.agent(), task.key());
    if (task.holding()) {
      change(task.agent(), agent -> agent.freeing(task.resources()));
      release(task.key().framework(), task.role(), task.resources());
    }
  }

  void index(Offer offer) {
    offersByAgent = added(offersByAgent, offer.agent(), offer.id());
    offersByFramework = added(offersByFramework, offer.framework(), offer.id());
    change(offer.agent(), agent -> agent.offering(offer.resources()));
    hold(offer.framework(), offer.role(), offer.resources());
    if (offer.deadlineNanos() != 0) {
      timers = timers.plus(Timer.offer(offer.id(), offer.deadlineNanos()));
    }
  }

  void unindex(Offer offer) {
    offersByAgent = taken(offersByAgent, offer.agent(), offer.id());
    offersByFramework = taken(offersByFramework, offer.framework(), offer.id());
    change(offer.agent(), agent -> agent.recovering(offer.resources()));
    release(offer.framework(), offer.role(), offer.resources());
    timers = timers.minus(Timer.offer(offer.id(), offer.deadlineNanos()));
  }

  void index(Executor executor) {
    AgentId agent = executor.key().agent();
    executorsByAgent = added(executorsByAgent, agent, executor.key());
    change(agent, each -> each.using(executor.resources()));
    hold(executor.key().framework(), executor.role(), executor.resources());
  }

  void unindex(Executor executor) {
    AgentId agent = executor.key().agent();
    executorsByAgent = taken(executorsByAgent, agent, executor.key());
    change(agent, each -> each.freeing(executor.resources()));
    release(executor.key().framework(), executor.role(), executor.resources());
  }

  void index(Operation operation) {
    operationsByAgent = added(operationsByAgent, operation.agent(), operation.key());
    change(operation.agent(), agent -> agent.using(operation.held()));
    operation
        .framework()
        .ifPresent(
            id -> {
              operationsByFramework = added(operationsByFramework, id, operation.key());
              hold(id, operation.role(), operation.held());
            });
  }

  void unindex(Operation operation) {
    operationsByAgent = taken(operationsByAgent, operation.agent(), operation.key());
    change(operation.agent(), agent -> agent.freeing(operation.held()));
    operation
        .framework()
        .ifPresent(
            id -> {
              operationsByFramework = taken(operationsByFramework, id, operation.key());
              release(id, operation.role(), operation.held());
            });
  }

  /** The oldest goes when there are too many of the framework's. */
  void remember(Accept accept, int kept) {
    FrameworkId framework = accept.key().framework();
    accepts = accepts.with(accept.key(), accept);
    acceptsByOffer = acceptsByOffer.plus(accept.offers().get(0), accept.key());
    AcceptKey first = new AcceptKey(framework, 0);
    AcceptKey end = new AcceptKey(framework, Long.MAX_VALUE);
    if (accepts.count(first, end) > kept) {
      forget(accepts.range(first, end).iterator().next());
    }
  }

  void forget(Accept accept) {
    accepts = accepts.without(accept.key());
    acceptsByOffer = acceptsByOffer.minus(accept.offers().get(0));
  }

  /** From the active tasks to the history, whose oldest task goes when there are too many. */
  void complete(Task task, long number, int kept) {
    FrameworkId framework = task.key().framework();
    tasks = tasks.without(task.key());
    unindex(task);
    completedTasks = completedTasks.with(new CompletedTaskKey(framework, number), task);
    long first = firstCompletedTask.getOrDefault(framework, 0L);
    if (number - first >= kept) {
      completedTasks = completedTasks.deleted(new CompletedTaskKey(framework, first));
      firstCompletedTask = firstCompletedTask.plus(framework, first + 1);
    }
  }

  /** The oldest completed framework goes, with its tasks. */
  void forgetOldestFramework() {
    long place = completed.firstKey();
    FrameworkId id = completed.get(place).id();
    long first = firstCompletedTask.getOrDefault(id, 0L);
    for (long number = first; number < completed.get(place).tasksEnd(); number++) {
      completedTasks = completedTasks.deleted(new CompletedTaskKey(id, number));
    }
    firstCompletedTask = firstCompletedTask.minus(id);
    completedFrameworks = completedFrameworks.deleted(place);
    completed = completed.minus(place);
    completedNumbers = completedNumbers.minus(id);
  }

  private void change(AgentId id, UnaryOperator<Agent> how) {
    agents = agents.derived(id, how);
  }

  private void hold(FrameworkId id, String role, Resources resources) {
    frameworks = frameworks.derived(id, framework -> framework.holding(role, resources));
    roleSums = roleSums.charged(role, resources);
  }

  private void release(FrameworkId id, String role, Resources resources) {
    frameworks = frameworks.derived(id, framework -> framework.releasing(role, resources));
    roleSums = roleSums.discharged(role, resources);
  }

  /** An agent in place of the one before, either of which may be absent (null). */
  void reserve(Agent before, Agent after) {
    Resources old = before == null || before.unreachable() ? Resources.EMPTY : before.total();
    Resources now = after == null || after.unreachable() ? Resources.EMPTY : after.total();
    if (old != now) {
      roleSums = roleSums.unreserved(old).reserved(now);
    }
  }

  private static <K extends Comparable<K>, V extends Comparable<V>> TreePMap<K, TreePSet<V>> added(
      TreePMap<K, TreePSet<V>> index, K key, V value) {
    return changed(index, key, set -> set.plus(value));
  }

  private static <K extends Comparable<K>, V extends Comparable<V>> TreePMap<K, TreePSet<V>> taken(
      TreePMap<K, TreePSet<V>> index, K key, V value) {
    return changed(index, key, set -> set.minus(value));
  }

  private static <K extends Comparable<K>, V extends Comparable<V>>
      TreePMap<K, TreePSet<V>> changed(
          TreePMap<K, TreePSet<V>> index, K key, Function<TreePSet<V>, TreePSet<V>> how) {
    TreePSet<V> old = index.get(key);
    TreePSet<V> next = how.apply(old == null ? TreePSet.empty() : old);
    return next.isEmpty() ? index.minus(key) : index.plus(key, next);
  }
}
