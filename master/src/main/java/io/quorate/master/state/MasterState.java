package io.quorate.master.state;

import com.google.protobuf.ByteString;
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
import org.pcollections.TreePSet;

/**
 * Everything that the masters know: an immutable value. Taking a reference is taking a consistent
 * picture that never changes.
 *
 * <p>The transitions below keep the derived parts (what agents and frameworks hold, the indexes) in
 * step with the tables; they know no rules. Rules are in {@code decide}, and which transition an
 * event means is in {@code apply}.
 */
public final class MasterState extends StateTables {
  /** Completed frameworks kept unless told, the oldest dropped first (CP-117). */
  public static final int COMPLETED_FRAMEWORKS_MAX = 50;

  /** Done ACCEPTs remembered per framework: so many may be in doubt after a broken connection. */
  public static final int ACCEPTS_MAX = 1000;

  /** Completed tasks kept per framework (CP-118). */
  public static final int COMPLETED_TASKS_MAX = 1000;

  /** Before the first entry. */
  public static final MasterState EMPTY = new MasterState(new Parts());

  private MasterState(Parts parts) {
    super(parts);
  }

  /** Nothing touched: what follows is the next entry's change. */
  public MasterState settled() {
    return new MasterState(parts.settled());
  }

  /** With a change to a copy of the parts. */
  private MasterState change(Consumer<Parts> how) {
    Parts next = parts.copy();
    how.accept(next);
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
    return change(next -> next.cluster = next.cluster.with(Tables.CLUSTER_KEY, cluster));
  }

  // -- Frameworks -------------------------------------------------------------------------------

  /** A scheduler is attached; the framework comes into being with its first. */
  public MasterState subscribed(
      FrameworkId id, FrameworkInfo info, String stream, Framework.Wishes wishes) {
    Framework framework = parts.frameworks.find(id).orElseGet(() -> Framework.fresh(id, info));
    MasterState next = with(cluster().usedFramework(id));
    return next.with(framework.subscribed(info, stream, wishes, cluster().timeNanos()))
        .withoutTurnsLeft(id);
  }

  /** Turns are counted in the roles that the framework has. */
  private MasterState withoutTurnsLeft(FrameworkId id) {
    List<String> roles = parts.frameworks.get(id).roles();
    return change(
        next -> {
          for (TurnKey each : turnsOf(id)) {
            next.turns = roles.contains(each.role()) ? next.turns : next.turns.without(each);
          }
        });
  }

  /** It said anew what it is and what it wants. */
  public MasterState updated(FrameworkId id, FrameworkInfo info, Framework.Wishes wishes) {
    return with(parts.frameworks.get(id).updated(info, wishes)).withoutTurnsLeft(id);
  }

  /** No scheduler is attached. */
  public MasterState disconnected(FrameworkId id, long deadlineNanos, boolean leaderChanged) {
    return with(parts.frameworks.get(id).disconnected(deadlineNanos, leaderChanged));
  }

  public MasterState suppressing(FrameworkId id, TreePSet<String> roles) {
    return with(parts.frameworks.get(id).suppressing(roles));
  }

  /** Into the history; what it still holds must be gone already. */
  public MasterState removed(FrameworkId id, long nowNanos, int kept) {
    Framework framework = parts.frameworks.get(id);
    long number = cluster().nextCompletedFramework();
    Parts next = with(cluster().usedCompletedFramework()).parts.copy();
    next.timers = next.timers.minus(Timer.framework(id, framework.deadlineNanos()));
    next.frameworks = next.frameworks.without(id);
    next.completedFrameworks = next.completedFrameworks.with(number, framework.removed(nowNanos));
    next.completed = next.completed.plus(number, CompletedFramework.of(framework));
    next.completedNumbers = next.completedNumbers.plus(id, number);
    for (Accept accept : acceptsOf(id)) {
      next.forget(accept);
    }
    for (TurnKey each : turnsOf(id)) {
      next.turns = next.turns.without(each);
    }
    while (next.completed.size() > kept) {
      next.forgetOldestFramework();
    }
    return new MasterState(next);
  }

  private MasterState with(Framework framework) {
    return change(next -> next.put(framework));
  }

  // -- Agents -----------------------------------------------------------------------------------

  /** A new agent. */
  public MasterState registered(AgentId id, AgentInfo info, String registrationId) {
    Agent agent = Agent.registered(id, info, registrationId, cluster().timeNanos());
    return with(cluster().usedAgent(id))
        .change(
            next -> {
              next.agents = next.agents.with(id, agent);
              next.registrations = next.registrations.plus(registrationId, id);
              next.reserve(null, agent);
            });
  }

  /** The agent's link is up. */
  public MasterState linked(AgentId id, AgentInfo info, Resources total, Agent.Link link) {
    return with(parts.agents.get(id).linked(info, total, link, cluster().timeNanos()));
  }

  public MasterState unlinked(AgentId id) {
    return with(parts.agents.get(id).unlinked());
  }

  /** Given up. */
  public MasterState unreachable(AgentId id, long forgetNanos) {
    return with(parts.agents.get(id).lost(cluster().timeNanos(), forgetNanos));
  }

  public MasterState serving(AgentId id, Service service) {
    return with(parts.agents.get(id).serving(service));
  }

  /** The agent is gone for good; what was on it must be gone already. */
  public MasterState removed(AgentId id) {
    Agent agent = parts.agents.get(id);
    Parts next = confirmed(id, agent.lastCommand()).parts.copy();
    next.agents = next.agents.without(id);
    next.draining = next.draining.minus(id);
    next.registrations = next.registrations.minus(agent.registrationId());
    next.timers = next.timers.minus(Timer.unreachable(id, agent.times().forget()));
    next.reserve(agent, null);
    return new MasterState(next);
  }

  /** It may never come back. */
  public MasterState gone(GoneAgent agent) {
    return change(
        next -> {
          next.goneAgents = next.goneAgents.with(agent.id(), agent);
          next.timers = next.timers.plus(Timer.gone(agent.id(), agent.forgetNanos()));
        });
  }

  public MasterState forgotten(GoneAgent agent) {
    return change(
        next -> {
          next.goneAgents = next.goneAgents.without(agent.id());
          next.timers = next.timers.minus(Timer.gone(agent.id(), agent.forgetNanos()));
        });
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
    return change(next -> next.put(agent));
  }

  // -- Offers and filters -----------------------------------------------------------------------

  /** One more turn of the framework in the role. */
  public MasterState offered(Offer offer) {
    TurnKey key = new TurnKey(offer.framework(), offer.role());
    return with(cluster().usedOffer(offer.id()))
        .change(
            next -> {
              next.offers = next.offers.with(offer.id(), offer);
              next.index(offer);
              next.turns = next.turns.with(key, next.turns.find(key).orElse(0L) + 1);
            });
  }

  /** The offer is over, whichever way; what it held is free. */
  public MasterState withdrawn(OfferId id) {
    return change(
        next -> {
          next.unindex(next.offers.get(id));
          next.offers = next.offers.without(id);
        });
  }

  public MasterState filtered(Filter filter) {
    Filter small = parts.agents.find(filter.key().agent()).map(filter::sharing).orElse(filter);
    return with(cluster().usedFilter())
        .change(
            next -> {
              next.filters = next.filters.with(filter.key(), small);
              next.timers = next.timers.plus(Timer.filter(filter.key(), filter.forgetNanos()));
            });
  }

  /** It refuses nothing any more, but is not forgotten. */
  public MasterState spent(FilterKey key) {
    return change(next -> next.filters = next.filters.with(key, next.filters.get(key).spent()));
  }

  public MasterState unfiltered(FilterKey key) {
    Timer timer = Timer.filter(key, parts.filters.get(key).forgetNanos());
    return change(
        next -> {
          next.timers = next.timers.minus(timer);
          next.filters = next.filters.without(key);
        });
  }

  // -- Tasks ------------------------------------------------------------------------------------

  /** The done ACCEPT is remembered; the oldest one is not, where there are too many. */
  public MasterState remembered(FrameworkId framework, List<OfferId> offers, ByteString digest) {
    long number = cluster().next().accept();
    Parts next = with(cluster().usedAccept()).parts.copy();
    next.remember(new Accept(new AcceptKey(framework, number), offers, digest), ACCEPTS_MAX);
    return new MasterState(next);
  }

  public MasterState launched(FrameworkId framework, TaskInfo info) {
    Task task = Task.launched(framework, info);
    return change(
        next -> {
          next.tasks = next.tasks.with(task.key(), task);
          next.index(task);
        });
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
    return change(next -> next.put(task));
  }

  // -- Executors and operations -----------------------------------------------------------------
  public MasterState started(Executor executor) {
    return change(next -> next.add(executor));
  }

  public MasterState ended(ExecutorKey key) {
    return change(next -> next.remove(key));
  }

  /** An agent's resources become others, whoever holds them. */
  public MasterState converted(AgentId id, Resources consumed, Resources converted) {
    return with(parts.agents.get(id).converted(consumed, converted));
  }

  public MasterState begun(Operation operation) {
    return with(cluster().usedOperation()).change(next -> next.add(operation));
  }

  public MasterState updated(OperationKey key, OperationStatus status) {
    return change(next -> next.put(parts.operations.get(key).with(status)));
  }

  public MasterState ended(OperationKey key) {
    return change(next -> next.remove(key));
  }

  // -- Maintenance ------------------------------------------------------------------------------

  public MasterState with(Maintenance maintenance) {
    return change(
        next -> next.maintenance = next.maintenance.with(Tables.MAINTENANCE_KEY, maintenance));
  }

  public MasterState offered(InverseOffer offer) {
    return with(cluster().usedOffer(offer.id()))
        .change(next -> next.inverseOffers = next.inverseOffers.with(offer.id(), offer));
  }

  public MasterState inverseWithdrawn(OfferId id) {
    return change(next -> next.inverseOffers = next.inverseOffers.without(id));
  }

  // -- Roles ------------------------------------------------------------------------------------

  /** A role's weight, from now on. */
  public MasterState weighing(String role, double weight) {
    return with(parts.roles.find(role).orElse(Role.named(role)).weighing(weight));
  }

  /** A role's quota, in place of the one before. */
  public MasterState with(QuotaConfig quota) {
    return with(parts.roles.find(quota.getRole()).orElse(Role.named(quota.getRole())).with(quota));
  }

  private MasterState with(Role role) {
    return change(
        next ->
            next.roles =
                role.saysNothing()
                    ? next.roles.without(role.name())
                    : next.roles.with(role.name(), role));
  }

  // -- Restoring --------------------------------------------------------------------------------

  static MasterState of(Parts parts) {
    return new MasterState(parts);
  }

  Parts parts() {
    return parts;
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
