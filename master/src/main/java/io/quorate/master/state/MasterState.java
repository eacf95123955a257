package io.quorate.master.state;

import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.List;
import java.util.Optional;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * Everything that the masters know: an immutable value. Taking a reference is taking a consistent
 * picture that never changes.
 *
 * <p>The transitions below keep the derived parts (what agents and frameworks hold, the indexes) in
 * step with the tables; they know no rules. Rules are in {@code decide}, and which transition an
 * event means is in {@code apply}.
 */
public final class MasterState {
  /** Completed frameworks kept, the oldest dropped first (CP-117). */
  public static final int COMPLETED_FRAMEWORKS_MAX = 50;

  /** Completed tasks kept per framework (CP-118). */
  public static final int COMPLETED_TASKS_MAX = 1000;

  /** Before the first entry. */
  public static final MasterState EMPTY = new MasterState(new Parts());

  private final Parts parts;

  private MasterState(Parts parts) {
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
  public Table<Long, Framework> completedFrameworks() {
    return parts.completedFrameworks;
  }

  public Table<CompletedTaskKey, Task> completedTasks() {
    return parts.completedTasks;
  }

  /** The active tasks of a framework, by task id. */
  public Iterable<Task> tasksOf(FrameworkId framework) {
    return parts.tasks.range(new TaskKey(framework, ""), new TaskKey(after(framework), ""));
  }

  /** The completed tasks of a framework that are still kept, oldest first. */
  public Iterable<Task> completedTasksOf(FrameworkId framework) {
    return parts.completedTasks.range(
        new CompletedTaskKey(framework, 0), new CompletedTaskKey(after(framework), 0));
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

  /** The deadlines, soonest first. */
  public TreePSet<Timer> timers() {
    return parts.timers;
  }

  /** Nothing touched: what follows is the next entry's change. */
  public MasterState settled() {
    Parts next = parts.copy();
    next.cluster = next.cluster.settled();
    next.frameworks = next.frameworks.settled();
    next.agents = next.agents.settled();
    next.offers = next.offers.settled();
    next.tasks = next.tasks.settled();
    next.filters = next.filters.settled();
    next.commands = next.commands.settled();
    next.completedFrameworks = next.completedFrameworks.settled();
    next.completedTasks = next.completedTasks.settled();
    return new MasterState(next);
  }

  // -- The cluster ------------------------------------------------------------------------------

  /** At an entry's time. */
  public MasterState at(long timeNanos) {
    return with(cluster().at(timeNanos));
  }

  /** A new leader. */
  public MasterState led(String clusterId, long term, MasterInfo master) {
    return with(cluster().led(clusterId, term, master));
  }

  MasterState with(Cluster cluster) {
    Parts next = parts.copy();
    next.cluster = next.cluster.with(Tables.CLUSTER_KEY, cluster);
    return new MasterState(next);
  }

  // -- Frameworks -------------------------------------------------------------------------------

  /** A scheduler is attached; the framework comes into being with its first. */
  public MasterState subscribed(
      FrameworkId id, FrameworkInfo info, String stream, List<String> suppressed) {
    Framework framework =
        parts
            .frameworks
            .find(id)
            .orElseGet(
                () ->
                    new Framework(
                        id, info, "", 0, false, TreePSet.empty(), 0, 0, 0, 0, TreePMap.empty()));
    MasterState next = with(cluster().usedFramework(id));
    return next.with(framework.subscribed(info, stream, suppressed, cluster().timeNanos()));
  }

  /** No scheduler is attached. */
  public MasterState disconnected(FrameworkId id, long deadlineNanos, boolean leaderChanged) {
    return with(parts.frameworks.get(id).disconnected(deadlineNanos, leaderChanged));
  }

  public MasterState suppressing(FrameworkId id, TreePSet<String> roles) {
    return with(parts.frameworks.get(id).suppressing(roles));
  }

  /** Out of the live ones and into the history; what it still holds must be gone already. */
  public MasterState removed(FrameworkId id, long nowNanos) {
    Framework framework = parts.frameworks.get(id);
    long number = cluster().nextCompletedFramework();
    Parts next = with(cluster().usedCompletedFramework()).parts.copy();
    next.timers = next.timers.minus(Timer.framework(id, framework.deadlineNanos()));
    next.frameworks = next.frameworks.without(id);
    next.completedFrameworks = next.completedFrameworks.with(number, framework.removed(nowNanos));
    next.completedNumbers = next.completedNumbers.plus(id, number);
    if (next.completedFrameworks.size() > COMPLETED_FRAMEWORKS_MAX) {
      next.forgetOldestFramework();
    }
    return new MasterState(next);
  }

  private MasterState with(Framework framework) {
    Parts next = parts.copy();
    parts
        .frameworks
        .find(framework.id())
        .ifPresent(
            old -> next.timers = next.timers.minus(Timer.framework(old.id(), old.deadlineNanos())));
    if (!framework.connected()) {
      next.timers = next.timers.plus(Timer.framework(framework.id(), framework.deadlineNanos()));
    }
    next.frameworks = next.frameworks.with(framework.id(), framework);
    return new MasterState(next);
  }

  // -- Agents -----------------------------------------------------------------------------------

  /** A new agent. */
  public MasterState registered(AgentId id, AgentInfo info, String registrationId) {
    Parts next = with(cluster().usedAgent(id)).parts.copy();
    next.agents = next.agents.with(id, Agents.registered(id, info, registrationId, cluster()));
    next.registrations = next.registrations.plus(registrationId, id);
    return new MasterState(next);
  }

  /** The agent's link is up. */
  public MasterState linked(
      AgentId id,
      AgentInfo info,
      String link,
      String version,
      List<AgentInfo.Capability> capabilities) {
    return with(
        parts.agents.get(id).linked(info, link, version, capabilities, cluster().timeNanos()));
  }

  public MasterState unlinked(AgentId id) {
    return with(parts.agents.get(id).unlinked());
  }

  /** Given up. */
  public MasterState unreachable(AgentId id) {
    return with(parts.agents.get(id).lost(cluster().timeNanos()));
  }

  /** The agent is gone for good; its tasks and offers must be gone already. */
  public MasterState removed(AgentId id) {
    Agent agent = parts.agents.get(id);
    Parts next = confirmed(id, agent.lastCommand()).parts.copy();
    next.agents = next.agents.without(id);
    next.registrations = next.registrations.minus(agent.registrationId());
    return new MasterState(next);
  }

  /** One more command in the agent's stream. */
  public MasterState commanded(AgentId id, Command.Builder command) {
    Agent agent = parts.agents.get(id).commanded();
    Parts next = with(agent).parts.copy();
    next.commands =
        next.commands.with(
            new CommandKey(id, agent.lastCommand()),
            command.setNumber(agent.lastCommand()).build());
    return new MasterState(next);
  }

  /** The agent carried out its commands up to this number: they are forgotten. */
  public MasterState confirmed(AgentId id, long number) {
    Agent agent = parts.agents.get(id);
    if (number <= agent.commandsDone()) {
      return this;
    }
    Parts next = with(agent.done(number)).parts.copy();
    for (long each = agent.commandsDone() + 1; each <= number; each++) {
      next.commands = next.commands.without(new CommandKey(id, each));
    }
    return new MasterState(next);
  }

  private MasterState with(Agent agent) {
    Parts next = parts.copy();
    next.agents = next.agents.with(agent.id(), agent);
    return new MasterState(next);
  }

  // -- Offers and filters -----------------------------------------------------------------------

  public MasterState offered(Offer offer) {
    Parts next = with(cluster().usedOffer(offer.id())).parts.copy();
    next.offers = next.offers.with(offer.id(), offer);
    next.index(offer);
    return new MasterState(next);
  }

  /** The offer is over, whichever way; what it held is free. */
  public MasterState withdrawn(OfferId id) {
    Offer offer = parts.offers.get(id);
    Parts next = parts.copy();
    next.offers = next.offers.without(id);
    next.unindex(offer);
    return new MasterState(next);
  }

  public MasterState filtered(Filter filter) {
    Parts next = with(cluster().usedFilter()).parts.copy();
    next.filters = next.filters.with(filter.key(), filter);
    next.timers = next.timers.plus(Timer.filter(filter.key(), filter.deadlineNanos()));
    return new MasterState(next);
  }

  public MasterState unfiltered(FilterKey key) {
    Parts next = parts.copy();
    next.timers = next.timers.minus(Timer.filter(key, parts.filters.get(key).deadlineNanos()));
    next.filters = next.filters.without(key);
    return new MasterState(next);
  }

  // -- Tasks ------------------------------------------------------------------------------------

  public MasterState launched(FrameworkId framework, TaskInfo info, List<String> offerIds) {
    Parts next = parts.copy();
    Task task = Task.launched(framework, info, offerIds);
    next.tasks = next.tasks.with(task.key(), task);
    next.index(task);
    return new MasterState(next);
  }

  public MasterState updated(TaskKey key, TaskStatus status, TaskState latest) {
    return with(parts.tasks.get(key).updated(status, latest));
  }

  public MasterState acknowledged(TaskKey key) {
    return with(parts.tasks.get(key).acknowledged());
  }

  public MasterState lost(TaskKey key) {
    return with(parts.tasks.get(key).lost());
  }

  public MasterState recovered(TaskKey key, TaskState reported) {
    return with(parts.tasks.get(key).recovered(reported));
  }

  /** Over and acknowledged: from the active tasks to the history (CP-157). */
  public MasterState completed(TaskKey key) {
    Task task = parts.tasks.get(key);
    Framework framework = parts.frameworks.get(key.framework());
    Parts next = with(framework.completedOne()).parts.copy();
    next.complete(task, framework.nextCompletedTask(), COMPLETED_TASKS_MAX);
    return new MasterState(next);
  }

  private MasterState with(Task task) {
    Parts next = parts.copy();
    next.unindex(parts.tasks.get(task.key()));
    next.tasks = next.tasks.with(task.key(), task);
    next.index(task);
    return new MasterState(next);
  }

  // -- Restoring --------------------------------------------------------------------------------

  static MasterState of(Parts parts) {
    return new MasterState(parts);
  }

  Parts parts() {
    return parts;
  }

  /** The least id that is greater than every key that begins with this framework. */
  private static FrameworkId after(FrameworkId framework) {
    return new FrameworkId(framework.value() + "\0");
  }

  /** Two states are equal if their tables are: everything else is derived. */
  @Override
  public boolean equals(Object other) {
    return other instanceof MasterState state && parts.sameTables(state.parts);
  }

  @Override
  public int hashCode() {
    return parts.cluster.hashCode();
  }
}
