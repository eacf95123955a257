package io.quorate.master.state;

import io.quorate.master.state.entity.Accept;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Cluster;
import io.quorate.master.state.entity.CompletedFramework;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.FrameworkVariable;
import io.quorate.master.state.entity.GoneAgent;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AcceptKey;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.CompletedTaskKey;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TaskKey;
import io.quorate.master.state.id.VariableKey;
import io.quorate.master.state.table.Table;
import io.quorate.protocol.resources.Resources;
import java.util.function.UnaryOperator;
import org.pcollections.TreePSet;

/**
 * The tables and indexes of the next state while it is made. It is mutable only until a {@link
 * MasterState} takes them, is used by one thread, and is never seen outside this package.
 *
 * <p>{@link #put} and {@link #remove} are the only ways to change a row. They keep the indexes in
 * step, so that these are always what the rows say, whatever the rows say: a row may refer to an
 * agent or a framework that is not there, and then there is no sum to change.
 */
final class StateBuilder {
  private final Table<?, ?>[] tables;
  private final Indexes indexes;

  /** No rows. */
  StateBuilder() {
    tables = new Table<?, ?>[Tables.all().size()];
    for (TableSpec<?, ?> spec : Tables.all()) {
      tables[spec.place()] = Table.empty();
    }
    indexes = new Indexes();
  }

  private StateBuilder(Table<?, ?>[] tables, Indexes indexes) {
    this.tables = tables;
    this.indexes = indexes;
  }

  /** Begins with what a state has. */
  static StateBuilder of(Table<?, ?>[] tables, Indexes indexes) {
    return new StateBuilder(tables.clone(), indexes.copy());
  }

  /** All tables, in the order of their specs. They must not be changed after this. */
  Table<?, ?>[] tables() {
    return tables;
  }

  Indexes indexes() {
    return indexes;
  }

  // Each place holds the table of the spec that has this place.
  @SuppressWarnings("unchecked")
  <K extends Comparable<K>, V> Table<K, V> table(TableSpec<K, V> spec) {
    return (Table<K, V>) tables[spec.place()];
  }

  /** Puts a row in the place of the older one with its key, if there is one. */
  <K extends Comparable<K>, V> void put(TableSpec<K, V> spec, K key, V value) {
    Table<K, V> table = table(spec);
    V before = table.find(key).orElse(null);
    tables[spec.place()] = table.with(key, value);
    spec.index().changed(this, key, before, value);
  }

  /** Removes a row, if there is one. */
  <K extends Comparable<K>, V> void remove(TableSpec<K, V> spec, K key) {
    Table<K, V> table = table(spec);
    V before = table.find(key).orElse(null);
    if (before != null) {
      tables[spec.place()] = table.without(key);
      spec.index().changed(this, key, before, null);
    }
  }

  /** Changes a row, if there is one. */
  <K extends Comparable<K>, V> void update(TableSpec<K, V> spec, K key, UnaryOperator<V> how) {
    table(spec).find(key).ifPresent(value -> put(spec, key, how.apply(value)));
  }

  /** Changes what there is one of. */
  void cluster(UnaryOperator<Cluster> how) {
    Cluster cluster = table(Tables.CLUSTER).find(Tables.CLUSTER_KEY).orElse(Cluster.NONE);
    put(Tables.CLUSTER, Tables.CLUSTER_KEY, how.apply(cluster));
  }

  /** With nothing touched: what follows is the change of the next entry. */
  void settle() {
    for (TableSpec<?, ?> spec : Tables.all()) {
      settle(spec);
    }
  }

  private <K extends Comparable<K>, V> void settle(TableSpec<K, V> spec) {
    tables[spec.place()] = spec.settled(table(spec));
  }

  // -- Indexes: what is derived from each table -------------------------------------------------

  void variableChanged(VariableKey key, FrameworkVariable before, FrameworkVariable after) {
    VariableUsage usage =
        indexes
            .variableUsage
            .getOrDefault(key.namespace(), VariableUsage.NONE)
            .without(before)
            .with(after);
    indexes.variableUsage =
        usage.count() == 0
            ? indexes.variableUsage.minus(key.namespace())
            : indexes.variableUsage.plus(key.namespace(), usage);
    indexes.variablesInAll = indexes.variablesInAll.without(before).with(after);
  }

  void frameworkChanged(FrameworkId id, Framework before, Framework after) {
    if (before != null && !before.connected()) {
      indexes.timers = indexes.timers.minus(Timer.framework(id, before.deadlineNanos()));
    }
    if (after != null && !after.connected()) {
      indexes.timers = indexes.timers.plus(Timer.framework(id, after.deadlineNanos()));
    }
  }

  void agentChanged(AgentId id, Agent before, Agent after) {
    if (before != null && before.unreachable()) {
      indexes.timers = indexes.timers.minus(Timer.unreachable(id, before.times().forget()));
    }
    if (after != null && after.unreachable()) {
      indexes.timers = indexes.timers.plus(Timer.unreachable(id, after.times().forget()));
    }
    boolean draining = after != null && after.service().draining();
    indexes.draining = draining ? indexes.draining.plus(id) : indexes.draining.minus(id);
    String oldName = before == null ? null : before.registrationId();
    String newName = after == null ? null : after.registrationId();
    if (oldName != null && !oldName.equals(newName)) {
      indexes.registrations = Indexes.without(indexes.registrations, oldName, id);
    }
    if (newName != null && !newName.equals(oldName)) {
      indexes.registrations = Indexes.with(indexes.registrations, newName, id);
    }
    Resources reservable = reservable(before);
    Resources reservableNow = reservable(after);
    if (reservable != reservableNow) {
      indexes.roleSums = indexes.roleSums.unreserved(reservable).reserved(reservableNow);
    }
  }

  /** What an unreachable agent has reserved counts for nobody. */
  private static Resources reservable(Agent agent) {
    return agent == null || agent.unreachable() ? Resources.EMPTY : agent.total();
  }

  void offerChanged(OfferId id, Offer before, Offer after) {
    if (before != null) {
      AgentId agent = before.agent();
      indexes.offersByAgent = Indexes.without(indexes.offersByAgent, agent, id);
      indexes.offersByFramework =
          Indexes.without(indexes.offersByFramework, before.framework(), id);
      free(agent, holdings -> holdings.recovering(before.resources()));
      release(before.framework(), before.role(), before.resources());
      indexes.timers = indexes.timers.minus(Timer.offer(id, before.deadlineNanos()));
    }
    if (after != null) {
      AgentId agent = after.agent();
      indexes.offersByAgent = Indexes.with(indexes.offersByAgent, agent, id);
      indexes.offersByFramework = Indexes.with(indexes.offersByFramework, after.framework(), id);
      take(agent, holdings -> holdings.offering(after.resources()));
      hold(after.framework(), after.role(), after.resources());
      if (after.deadlineNanos() != 0) {
        indexes.timers = indexes.timers.plus(Timer.offer(id, after.deadlineNanos()));
      }
    }
  }

  void taskChanged(TaskKey key, Task before, Task after) {
    if (before != null && after != null && holdsTheSame(before, after)) {
      return;
    }
    if (before != null) {
      indexes.tasksByAgent = Indexes.without(indexes.tasksByAgent, before.agent(), key);
      if (before.holding()) {
        free(before.agent(), holdings -> holdings.freeing(before.resources()));
        release(key.framework(), before.role(), before.resources());
      }
    }
    if (after != null) {
      indexes.tasksByAgent = Indexes.with(indexes.tasksByAgent, after.agent(), key);
      if (after.holding()) {
        take(after.agent(), holdings -> holdings.using(after.resources()));
        hold(key.framework(), after.role(), after.resources());
      }
    }
  }

  private static boolean holdsTheSame(Task before, Task after) {
    return before.holding() == after.holding()
        && before.resources() == after.resources()
        && before.agent().equals(after.agent())
        && before.role().equals(after.role());
  }

  void filterChanged(FilterKey key, Filter before, Filter after) {
    if (before != null) {
      indexes.timers = indexes.timers.minus(Timer.filter(key, before.forgetNanos()));
    }
    if (after != null) {
      indexes.timers = indexes.timers.plus(Timer.filter(key, after.forgetNanos()));
    }
  }

  void executorChanged(ExecutorKey key, Executor before, Executor after) {
    AgentId agent = key.agent();
    if (before != null) {
      indexes.executorsByAgent = Indexes.without(indexes.executorsByAgent, agent, key);
      free(agent, holdings -> holdings.freeing(before.resources()));
      release(key.framework(), before.role(), before.resources());
    }
    if (after != null) {
      indexes.executorsByAgent = Indexes.with(indexes.executorsByAgent, agent, key);
      take(agent, holdings -> holdings.using(after.resources()));
      hold(key.framework(), after.role(), after.resources());
    }
  }

  void operationChanged(OperationKey key, Operation before, Operation after) {
    if (before != null) {
      indexes.operationsByAgent = Indexes.without(indexes.operationsByAgent, before.agent(), key);
      before.framework().ifPresent(id -> operationLeft(id, before));
      free(before.agent(), holdings -> holdings.freeing(before.held()));
    }
    if (after != null) {
      indexes.operationsByAgent = Indexes.with(indexes.operationsByAgent, after.agent(), key);
      after.framework().ifPresent(id -> operationCame(id, after));
      take(after.agent(), holdings -> holdings.using(after.held()));
    }
  }

  private void operationLeft(FrameworkId id, Operation operation) {
    indexes.operationsByFramework =
        Indexes.without(indexes.operationsByFramework, id, operation.key());
    release(id, operation.role(), operation.held());
  }

  private void operationCame(FrameworkId id, Operation operation) {
    indexes.operationsByFramework =
        Indexes.with(indexes.operationsByFramework, id, operation.key());
    hold(id, operation.role(), operation.held());
  }

  void acceptChanged(AcceptKey key, Accept before, Accept after) {
    if (before != null && !before.offers().isEmpty()) {
      indexes.acceptsByOffer = Indexes.without(indexes.acceptsByOffer, before.offers().get(0), key);
    }
    if (after != null && !after.offers().isEmpty()) {
      indexes.acceptsByOffer = Indexes.with(indexes.acceptsByOffer, after.offers().get(0), key);
    }
  }

  void goneAgentChanged(AgentId id, GoneAgent before, GoneAgent after) {
    if (before != null) {
      indexes.timers = indexes.timers.minus(Timer.gone(id, before.forgetNanos()));
    }
    if (after != null) {
      indexes.timers = indexes.timers.plus(Timer.gone(id, after.forgetNanos()));
    }
  }

  // -- Sums -------------------------------------------------------------------------------------

  private void take(AgentId id, UnaryOperator<Agent.Holdings> how) {
    derive(Tables.AGENTS, id, agent -> agent.holding(how.apply(agent.holdings())));
  }

  /** Where holders overlap, subtraction would free what others still hold: the sums are remade. */
  private void free(AgentId id, UnaryOperator<Agent.Holdings> how) {
    derive(
        Tables.AGENTS,
        id,
        agent ->
            agent.holding(
                agent.holdings().overlapping() ? heldOn(id) : how.apply(agent.holdings())));
  }

  private void hold(FrameworkId id, String role, Resources resources) {
    derive(Tables.FRAMEWORKS, id, framework -> framework.holding(role, resources));
    indexes.roleSums = indexes.roleSums.charged(role, resources);
  }

  private void release(FrameworkId id, String role, Resources resources) {
    derive(Tables.FRAMEWORKS, id, framework -> framework.releasing(role, resources));
    indexes.roleSums = indexes.roleSums.discharged(role, resources);
  }

  private <K extends Comparable<K>, V> void derive(
      TableSpec<K, V> spec, K key, UnaryOperator<V> how) {
    tables[spec.place()] = table(spec).derived(key, how);
  }

  /** What is held of an agent, from the rows that the indexes name. */
  Agent.Holdings heldOn(AgentId id) {
    Agent.Holdings held = Agent.Holdings.NONE;
    for (TaskKey key : indexes.tasksByAgent.getOrDefault(id, TreePSet.empty())) {
      Task task = table(Tables.TASKS).get(key);
      held = task.holding() ? held.using(task.resources()) : held;
    }
    for (ExecutorKey key : indexes.executorsByAgent.getOrDefault(id, TreePSet.empty())) {
      held = held.using(table(Tables.EXECUTORS).get(key).resources());
    }
    for (OperationKey key : indexes.operationsByAgent.getOrDefault(id, TreePSet.empty())) {
      held = held.using(table(Tables.OPERATIONS).get(key).held());
    }
    for (OfferId offer : indexes.offersByAgent.getOrDefault(id, TreePSet.empty())) {
      held = held.offering(table(Tables.OFFERS).get(offer).resources());
    }
    return held;
  }

  /** A framework with what it holds, from the rows that name it. */
  Framework holding(Framework framework) {
    FrameworkId id = framework.id();
    Framework holder = framework;
    for (Task task : table(Tables.TASKS).range(new TaskKey(id, ""), new TaskKey(id.next(), ""))) {
      holder = task.holding() ? holder.holding(task.role(), task.resources()) : holder;
    }
    AgentId any = new AgentId("");
    for (Executor executor :
        table(Tables.EXECUTORS)
            .range(new ExecutorKey(id, any, ""), new ExecutorKey(id.next(), any, ""))) {
      holder = holder.holding(executor.role(), executor.resources());
    }
    for (OperationKey key : indexes.operationsByFramework.getOrDefault(id, TreePSet.empty())) {
      Operation operation = table(Tables.OPERATIONS).get(key);
      holder = holder.holding(operation.role(), operation.held());
    }
    for (OfferId key : indexes.offersByFramework.getOrDefault(id, TreePSet.empty())) {
      Offer offer = table(Tables.OFFERS).get(key);
      holder = holder.holding(offer.role(), offer.resources());
    }
    return holder;
  }

  // -- History -----------------------------------------------------------------------------------

  /** The oldest remembered ACCEPT of the framework goes when there are more than so many. */
  void remember(Accept accept, int kept) {
    FrameworkId framework = accept.key().framework();
    put(Tables.ACCEPTS, accept.key(), accept);
    AcceptKey first = new AcceptKey(framework, 0);
    AcceptKey end = new AcceptKey(framework, Long.MAX_VALUE);
    if (table(Tables.ACCEPTS).count(first, end) > kept) {
      remove(Tables.ACCEPTS, table(Tables.ACCEPTS).range(first, end).iterator().next().key());
    }
  }

  /**
   * A task leaves the active ones for the history of its framework, whose oldest task goes when
   * there are more than so many. A task of no framework has no history.
   */
  void complete(Task task, int kept) {
    FrameworkId id = task.key().framework();
    Framework framework = table(Tables.FRAMEWORKS).find(id).orElse(null);
    remove(Tables.TASKS, task.key());
    if (framework == null) {
      return;
    }
    long number = framework.nextCompletedTask();
    update(Tables.FRAMEWORKS, id, Framework::completedOne);
    put(Tables.COMPLETED_TASKS, new CompletedTaskKey(id, number), task);
    long first = indexes.firstCompletedTask.getOrDefault(id, 0L);
    if (number - first >= kept) {
      drop(Tables.COMPLETED_TASKS, new CompletedTaskKey(id, first));
      indexes.firstCompletedTask = indexes.firstCompletedTask.plus(id, first + 1);
    }
  }

  /**
   * A framework that is over goes into the history, and the oldest ones beyond so many leave it.
   */
  void complete(long number, Framework framework, int kept) {
    put(Tables.COMPLETED_FRAMEWORKS, number, framework);
    noteCompleted(number, framework);
    while (!indexes.completed.isEmpty() && indexes.completed.size() > kept) {
      forgetOldestFramework();
    }
  }

  private void forgetOldestFramework() {
    long place = indexes.completed.firstKey();
    CompletedFramework oldest = indexes.completed.get(place);
    FrameworkId id = oldest.id();
    // No framework keeps more than so many: a damaged row must not make this loop long.
    long first =
        Math.max(
            indexes.firstCompletedTask.getOrDefault(id, 0L),
            oldest.tasksEnd() - MasterState.COMPLETED_TASKS_MAX);
    for (long number = first; number < oldest.tasksEnd(); number++) {
      drop(Tables.COMPLETED_TASKS, new CompletedTaskKey(id, number));
    }
    indexes.firstCompletedTask = indexes.firstCompletedTask.minus(id);
    drop(Tables.COMPLETED_FRAMEWORKS, place);
    indexes.completed = indexes.completed.minus(place);
    if (indexes.completedNumbers.getOrDefault(id, -1L) == place) {
      indexes.completedNumbers = indexes.completedNumbers.minus(id);
    }
  }

  /** Removes a row of an archive, which is on disk and not here. */
  private <K extends Comparable<K>, V> void drop(TableSpec<K, V> spec, K key) {
    tables[spec.place()] = table(spec).deleted(key);
  }

  void noteCompleted(long number, Framework framework) {
    indexes.completed = indexes.completed.plus(number, CompletedFramework.of(framework));
    indexes.completedNumbers = indexes.completedNumbers.plus(framework.id(), number);
  }

  /** Rows come in the order of their numbers: the first of a framework's is the first one kept. */
  void noteFirstCompleted(CompletedTaskKey key) {
    if (!indexes.firstCompletedTask.containsKey(key.framework())) {
      indexes.firstCompletedTask = indexes.firstCompletedTask.plus(key.framework(), key.number());
    }
  }

  /** All rows are back. Who kept all completed tasks is not noted, as in a state that lives. */
  void restored() {
    for (FrameworkId id : indexes.firstCompletedTask.keySet()) {
      if (indexes.firstCompletedTask.get(id) == 0) {
        indexes.firstCompletedTask = indexes.firstCompletedTask.minus(id);
      }
    }
    settle();
  }
}
