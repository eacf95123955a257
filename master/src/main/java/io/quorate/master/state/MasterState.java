package io.quorate.master.state;

import com.google.protobuf.ByteString;
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
import io.quorate.master.state.entity.Service;
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
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.quota.QuotaConfig;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.pcollections.TreePSet;

/**
 * Everything that the masters know: an immutable value. Taking a reference is taking a consistent
 * picture that never changes.
 *
 * <p>The transitions below are for {@code apply} alone. They know no rules: rules are in {@code
 * decide}, and which transition an event means is in {@code apply}. Every transition is total: one
 * that concerns a row which is not there changes nothing.
 */
public final class MasterState extends StateView {
  /** Completed frameworks kept unless told, the oldest dropped first (CP-117). */
  public static final int COMPLETED_FRAMEWORKS_MAX = 50;

  /** Done ACCEPTs remembered per framework: so many may be in doubt after a broken connection. */
  public static final int ACCEPTS_MAX = 1000;

  /** Completed tasks kept per framework (CP-118). */
  public static final int COMPLETED_TASKS_MAX = 1000;

  /** The state before the first entry. */
  public static final MasterState EMPTY = of(new StateBuilder());

  private MasterState(StateBuilder built) {
    super(built);
  }

  /** What a builder made; the builder must not be used after this. */
  static MasterState of(StateBuilder built) {
    return new MasterState(built);
  }

  // -- The whole --------------------------------------------------------------------------------

  /** With nothing touched: what follows is the change of the next entry. */
  public MasterState settled() {
    return build(StateBuilder::settle);
  }

  /** Two states are equal if their tables are: everything else is derived. */
  @Override
  public boolean equals(Object other) {
    return other instanceof MasterState state
        && Tables.all().stream().allMatch(spec -> spec.same(this, state));
  }

  /** It costs little: it looks at the sizes of the tables and at the one row of the cluster. */
  @Override
  public int hashCode() {
    int hash = cluster().hashCode();
    for (TableSpec<?, ?> spec : Tables.all()) {
      hash = 31 * hash + spec.hash(this);
    }
    return hash;
  }

  private MasterState build(Consumer<StateBuilder> change) {
    StateBuilder next = builder();
    change.accept(next);
    return of(next);
  }

  private <K extends Comparable<K>, V> MasterState update(
      TableSpec<K, V> spec, K key, UnaryOperator<V> how) {
    return table(spec).has(key) ? build(next -> next.update(spec, key, how)) : this;
  }

  private <K extends Comparable<K>, V> MasterState without(TableSpec<K, V> spec, K key) {
    return table(spec).has(key) ? build(next -> next.remove(spec, key)) : this;
  }

  // -- Transitions: the cluster -----------------------------------------------------------------

  /** It is the time of the next entry, in nanoseconds since the epoch. */
  public MasterState at(long timeNanos) {
    return build(next -> next.cluster(cluster -> cluster.at(timeNanos)));
  }

  /** There is a new leader. */
  public MasterState led(String clusterId, long term, MasterInfo master) {
    return build(next -> next.cluster(cluster -> cluster.led(clusterId, term, master)));
  }

  // -- Transitions: frameworks ------------------------------------------------------------------

  /**
   * A scheduler is attached; the framework comes into being with its first. One that is over and in
   * the history does not come back (CP-116).
   */
  public MasterState subscribed(
      FrameworkId id, FrameworkInfo info, String stream, Framework.Wishes wishes) {
    if (removed(id)) {
      return this;
    }
    return build(
        next -> {
          Framework framework =
              frameworks().find(id).orElseGet(() -> next.holding(Framework.fresh(id, info)));
          next.cluster(cluster -> cluster.usedFramework(id));
          next.put(
              Tables.FRAMEWORKS,
              id,
              framework.subscribed(info, stream, wishes, cluster().timeNanos()));
          dropTurnsOfLeftRoles(next, id);
        });
  }

  /** It said anew what it is and what it wants. */
  public MasterState updated(FrameworkId id, FrameworkInfo info, Framework.Wishes wishes) {
    if (!frameworks().has(id)) {
      return this;
    }
    return build(
        next -> {
          next.update(Tables.FRAMEWORKS, id, framework -> framework.updated(info, wishes));
          dropTurnsOfLeftRoles(next, id);
        });
  }

  /** Turns are counted in the roles that the framework has. */
  private void dropTurnsOfLeftRoles(StateBuilder next, FrameworkId id) {
    List<String> roles = next.table(Tables.FRAMEWORKS).get(id).roles();
    for (TurnKey turn : turnsOf(id)) {
      if (!roles.contains(turn.role())) {
        next.remove(Tables.TURNS, turn);
      }
    }
  }

  /** No scheduler is attached until the deadline, in nanoseconds since the epoch. */
  public MasterState disconnected(FrameworkId id, long deadlineNanos, boolean leaderChanged) {
    return update(
        Tables.FRAMEWORKS, id, framework -> framework.disconnected(deadlineNanos, leaderChanged));
  }

  /** It wants no offers in these roles, and in no others. */
  public MasterState suppressing(FrameworkId id, TreePSet<String> roles) {
    return update(Tables.FRAMEWORKS, id, framework -> framework.suppressing(roles));
  }

  /**
   * It goes into the history; what it still holds must be gone already.
   *
   * @param kept how many frameworks the history keeps from here on
   */
  public MasterState removed(FrameworkId id, long nowNanos, int kept) {
    Framework framework = frameworks().find(id).orElse(null);
    if (framework == null) {
      return this;
    }
    return build(
        next -> {
          next.cluster(Cluster::usedCompletedFramework);
          next.remove(Tables.FRAMEWORKS, id);
          acceptsOf(id).forEach(accept -> next.remove(Tables.ACCEPTS, accept.key()));
          turnsOf(id).forEach(turn -> next.remove(Tables.TURNS, turn));
          next.complete(cluster().nextCompletedFramework(), framework.removed(nowNanos), kept);
        });
  }

  // -- Transitions: agents ----------------------------------------------------------------------

  /** There is a new agent, whose link is not up yet. */
  public MasterState registered(AgentId id, AgentInfo info, String registrationId) {
    Agent agent = Agent.registered(id, info, registrationId, cluster().timeNanos());
    return build(
        next -> {
          next.cluster(cluster -> cluster.usedAgent(id));
          next.put(Tables.AGENTS, id, agent.holding(next.heldOn(id)));
        });
  }

  /** The link of the agent is up. */
  public MasterState linked(AgentId id, AgentInfo info, Resources total, Agent.Link link) {
    return update(
        Tables.AGENTS, id, agent -> agent.linked(info, total, link, cluster().timeNanos()));
  }

  /** The link of the agent is down. */
  public MasterState unlinked(AgentId id) {
    return update(Tables.AGENTS, id, Agent::unlinked);
  }

  /** The agent is given up, and forgotten at this time, in nanoseconds since the epoch. */
  public MasterState unreachable(AgentId id, long forgetNanos) {
    return update(Tables.AGENTS, id, agent -> agent.lost(cluster().timeNanos(), forgetNanos));
  }

  /** The agent takes new work, or does not. */
  public MasterState serving(AgentId id, Service service) {
    return update(Tables.AGENTS, id, agent -> agent.serving(service));
  }

  /** The agent is gone for good, and its commands with it; what was on it must be gone already. */
  public MasterState removed(AgentId id) {
    if (!agents().has(id)) {
      return this;
    }
    return build(
        next -> {
          forgetCommands(next, id, Long.MAX_VALUE);
          next.remove(Tables.AGENTS, id);
        });
  }

  /** The agent may never come back. */
  public MasterState gone(GoneAgent agent) {
    return build(next -> next.put(Tables.GONE_AGENTS, agent.id(), agent));
  }

  /** That an agent may never come back is forgotten. */
  public MasterState forgotten(AgentId goneAgent) {
    return without(Tables.GONE_AGENTS, goneAgent);
  }

  /**
   * There is one more command in the stream of an agent. A command that lacks a field which it
   * cannot do without could not be read again, and is none.
   */
  public MasterState commanded(AgentId id, Command.Builder command) {
    Agent agent = agents().find(id).map(Agent::commanded).orElse(null);
    if (agent == null) {
      return this;
    }
    Command numbered = command.setNumber(agent.lastCommand()).buildPartial();
    if (!numbered.isInitialized()) {
      return this;
    }
    return build(
        next -> {
          next.put(Tables.AGENTS, id, agent);
          next.put(Tables.COMMANDS, new CommandKey(id, agent.lastCommand()), numbered);
        });
  }

  /** The agent carried out its commands up to this number: they are forgotten. */
  public MasterState confirmed(AgentId id, long number) {
    if (!agents().has(id) || number <= agents().get(id).commandsDone()) {
      return this;
    }
    return build(
        next -> {
          next.update(Tables.AGENTS, id, agent -> agent.done(number));
          forgetCommands(next, id, number);
        });
  }

  private void forgetCommands(StateBuilder next, AgentId id, long last) {
    for (Command command : commandsAfter(id, agents().get(id).commandsDone())) {
      if (command.getNumber() <= last) {
        next.remove(Tables.COMMANDS, new CommandKey(id, command.getNumber()));
      }
    }
  }

  /** Some resources of an agent become others, whoever holds them. */
  public MasterState converted(AgentId id, Resources consumed, Resources converted) {
    return update(Tables.AGENTS, id, agent -> agent.converted(consumed, converted));
  }

  // -- Transitions: offers and filters ----------------------------------------------------------

  /** There is an offer, which is one more turn of the framework in the role. */
  public MasterState offered(Offer offer) {
    if (!agents().has(offer.agent()) || !frameworks().has(offer.framework())) {
      return this;
    }
    return build(
        next -> {
          next.cluster(cluster -> cluster.usedOffer(offer.id()));
          next.put(Tables.OFFERS, offer.id(), offer);
          next.put(
              Tables.TURNS,
              new TurnKey(offer.framework(), offer.role()),
              turns(offer.framework(), offer.role()) + 1);
        });
  }

  /** The offer is over, whichever way; what it held is free. */
  public MasterState withdrawn(OfferId id) {
    return without(Tables.OFFERS, id);
  }

  /** Something is refused for a while. */
  public MasterState filtered(Filter filter) {
    Filter small = agents().find(filter.key().agent()).map(filter::sharing).orElse(filter);
    return build(
        next -> {
          next.cluster(Cluster::usedFilter);
          next.put(Tables.FILTERS, filter.key(), small);
        });
  }

  /** The filter refuses nothing any more, but is not forgotten. */
  public MasterState spent(FilterKey key) {
    return update(Tables.FILTERS, key, Filter::spent);
  }

  /** The filter is forgotten. */
  public MasterState unfiltered(FilterKey key) {
    return without(Tables.FILTERS, key);
  }

  /** There is an inverse offer. */
  public MasterState offered(InverseOffer offer) {
    return build(
        next -> {
          next.cluster(cluster -> cluster.usedOffer(offer.id()));
          next.put(Tables.INVERSE_OFFERS, offer.id(), offer);
        });
  }

  /** The inverse offer is over, whichever way. */
  public MasterState inverseWithdrawn(OfferId id) {
    return without(Tables.INVERSE_OFFERS, id);
  }

  /** The done ACCEPT is remembered; the oldest one is not, where there are too many. */
  public MasterState remembered(FrameworkId framework, List<OfferId> offers, ByteString digest) {
    AcceptKey key = new AcceptKey(framework, cluster().next().accept());
    return build(
        next -> {
          next.cluster(Cluster::usedAccept);
          next.remember(new Accept(key, offers, digest), ACCEPTS_MAX);
        });
  }

  // -- Transitions: tasks, executors and operations ---------------------------------------------

  /** A task is launched. */
  public MasterState launched(FrameworkId framework, TaskInfo info) {
    Task task = Task.launched(framework, info);
    if (!agents().has(task.agent()) || !frameworks().has(framework)) {
      return this;
    }
    return build(next -> next.put(Tables.TASKS, task.key(), task));
  }

  /** An update of the task is forwarded, and this is its latest state. */
  public MasterState updated(TaskKey key, TaskStatus status, TaskState latest) {
    return update(Tables.TASKS, key, task -> task.updated(status, latest));
  }

  /** The update that was forwarded is acknowledged. */
  public MasterState acknowledged(TaskKey key) {
    return update(Tables.TASKS, key, Task::acknowledged);
  }

  /** The agent of the task was given up. */
  public MasterState lost(TaskKey key) {
    return update(Tables.TASKS, key, Task::lost);
  }

  /** The agent of the task came back, and reports this state. */
  public MasterState recovered(TaskKey key, TaskState reported) {
    return update(Tables.TASKS, key, task -> task.recovered(reported));
  }

  /** The task is over and acknowledged: it goes from the active tasks to the history (CP-157). */
  public MasterState completed(TaskKey key) {
    Task task = tasks().find(key).orElse(null);
    return task == null ? this : build(next -> next.complete(task, COMPLETED_TASKS_MAX));
  }

  /** An executor begins. */
  public MasterState started(Executor executor) {
    ExecutorKey key = executor.key();
    if (!agents().has(key.agent()) || !frameworks().has(key.framework())) {
      return this;
    }
    return build(next -> next.put(Tables.EXECUTORS, key, executor));
  }

  /** The executor is over. */
  public MasterState ended(ExecutorKey key) {
    return without(Tables.EXECUTORS, key);
  }

  /** An operation is on its way to its agent. */
  public MasterState begun(Operation operation) {
    boolean known = operation.framework().map(frameworks()::has).orElse(true);
    if (!known || !agents().has(operation.agent())) {
      return this;
    }
    return build(
        next -> {
          next.cluster(Cluster::usedOperation);
          next.put(Tables.OPERATIONS, operation.key(), operation);
        });
  }

  /** The operation has this status now. */
  public MasterState updated(OperationKey key, OperationStatus status) {
    return update(Tables.OPERATIONS, key, operation -> operation.with(status));
  }

  /** The operation is over, and nobody waits for its end. */
  public MasterState ended(OperationKey key) {
    return without(Tables.OPERATIONS, key);
  }

  // -- Transitions: maintenance, roles and variables --------------------------------------------

  /** There is this maintenance, in place of the one before. */
  public MasterState with(Maintenance maintenance) {
    return build(next -> next.put(Tables.MAINTENANCE, Tables.MAINTENANCE_KEY, maintenance));
  }

  /** A role has this weight from now on. */
  public MasterState weighing(String role, double weight) {
    return with(role(role).weighing(weight));
  }

  /** A role has this quota, in place of the one before. */
  public MasterState with(QuotaConfig quota) {
    return with(role(quota.getRole()).with(quota));
  }

  /** There is this variable, in place of the one before. */
  public MasterState with(FrameworkVariable variable) {
    return build(next -> next.put(Tables.VARIABLES, variable.key(), variable));
  }

  /** There is no such variable. */
  public MasterState expunged(VariableKey key) {
    return without(Tables.VARIABLES, key);
  }

  private Role role(String name) {
    return roles().find(name).orElse(Role.named(name));
  }

  private MasterState with(Role role) {
    return role.saysNothing()
        ? without(Tables.ROLES, role.name())
        : build(next -> next.put(Tables.ROLES, role.name(), role));
  }
}
