package io.quorate.chaos.simulate.check;

import com.google.protobuf.ByteString;
import io.quorate.chaos.simulate.world.MemoryRows;
import io.quorate.chaos.simulate.world.Violation;
import io.quorate.chaos.simulate.world.World;
import io.quorate.log.NotLeaderException;
import io.quorate.log.OutcomeUnknownException;
import io.quorate.log.OverloadedException;
import io.quorate.log.Position;
import io.quorate.master.event.Call;
import io.quorate.master.event.Entry;
import io.quorate.master.event.Event;
import io.quorate.master.event.Record;
import io.quorate.master.leader.Answer;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Timer;
import io.quorate.master.state.entity.Agent;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What must hold at every step, whoever does what. Each method names the invariant it checks. */
public final class Invariants {
  /** The time of the last entry that was taken. */
  private long takenNanos;

  private final Set<String> mintedIds = new HashSet<>();
  private final Map<String, String> openOffers = new HashMap<>();
  private final Set<String> launched = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private final Set<String> started = new HashSet<>();
  private final Map<ByteString, TaskState> committedUpdates = new HashMap<>();
  private final Set<String> committedStates = new HashSet<>();
  private final Map<String, Set<TaskState>> ends = new HashMap<>();
  private final List<Long> digests = new ArrayList<>();
  private final Map<String, Life> lives = new HashMap<>();
  private final Map<ByteString, Integer> places = new HashMap<>();
  private final Set<ByteString> acknowledged = new HashSet<>();
  private final Map<Event.WhatCase, Integer> counts = new EnumMap<>(Event.WhatCase.class);

  /** What a framework was told of one task by its agent. */
  private static final class Life {
    private int last = -1;
    private ByteString lastUuid = ByteString.EMPTY;
    private TaskState end;
  }

  private final DeliveryRecord told = new DeliveryRecord(this);

  private Violation broken;

  public void require(boolean holds, String invariant, String seen) {
    if (!holds) {
      Violation violation = new Violation(invariant, seen);
      broken = broken == null ? violation : broken;
      throw violation;
    }
  }

  /** Whoever called may have swallowed it: futures and loops do. */
  public void check() {
    if (broken != null) {
      throw broken;
    }
  }

  // -- The log ----------------------------------------------------------------------------------

  public void committed(Position position, Entry entry) {
    if (entry.hasDecidedOnNanos() && entry.getDecidedOnNanos() != takenNanos) {
      // What it was decided on got lost: no replica takes it.
      return;
    }
    takenNanos = entry.getTimeNanos();
    told.committed(position.index(), entry);
    for (Record record : entry.getRecordsList()) {
      for (Event event : record.getEventsList()) {
        counts.merge(event.getWhatCase(), 1, Integer::sum);
        idsAreMintedOnce(event);
        offersAreUsedOnce(event);
        tasksAreLaunchedOnce(event, position);
        if (event.hasTaskStatusUpdated()) {
          updatesNeverChange(event.getTaskStatusUpdated().getStatus());
        } else if (event.hasTaskStatusRepeated()) {
          updatesNeverChange(event.getTaskStatusRepeated().getStatus());
        } else if (event.hasTaskStatusAcknowledged()) {
          acknowledged.add(event.getTaskStatusAcknowledged().getUuid());
        }
      }
    }
  }

  /** How often each kind of event was committed. */
  public Map<Event.WhatCase, Integer> counts() {
    return counts;
  }

  private void idsAreMintedOnce(Event event) {
    String id =
        switch (event.getWhatCase()) {
          case OFFER_EXTENDED -> event.getOfferExtended().getOfferId();
          case INVERSE_OFFER_EXTENDED -> event.getInverseOfferExtended().getOfferId();
          case AGENT_REGISTERED -> event.getAgentRegistered().getAgentId();
          default -> "";
        };
    require(id.isEmpty() || mintedIds.add(id), "ids are minted once", id);
  }

  private void offersAreUsedOnce(Event event) {
    switch (event.getWhatCase()) {
      case OFFER_EXTENDED ->
          openOffers.put(
              event.getOfferExtended().getOfferId(), event.getOfferExtended().getFrameworkId());
      case OFFER_ACCEPTED -> close(event.getOfferAccepted().getOfferId());
      case OFFER_DECLINED -> close(event.getOfferDeclined().getOfferId());
      case OFFER_RESCINDED -> close(event.getOfferRescinded().getOfferId());
      case OFFER_DISCARDED -> close(event.getOfferDiscarded().getOfferId());
      case FRAMEWORK_REMOVED ->
          openOffers.values().removeIf(event.getFrameworkRemoved().getFrameworkId()::equals);
      default -> {}
    }
  }

  private void close(String offer) {
    require(openOffers.remove(offer) != null, "an offer is used once", offer);
  }

  private void tasksAreLaunchedOnce(Event event, Position position) {
    List<TaskInfo> tasks =
        event.hasTaskLaunched()
            ? List.of(event.getTaskLaunched().getTaskInfo())
            : event.getTaskGroupLaunched().getTaskGroup().getTasksList();
    for (TaskInfo task : tasks) {
      require(
          launched.add(task.getTaskId().getValue()),
          "a task is launched once",
          task.getTaskId().getValue() + " again at " + position.index());
    }
    if (event.hasTaskRefused()) {
      refused.add(event.getTaskRefused().getStatus().getTaskId().getValue());
    }
  }

  private void updatesNeverChange(TaskStatus status) {
    committedStates.add(status.getTaskId().getValue() + " " + status.getState());
    if (status.hasUuid()) {
      TaskState before = committedUpdates.putIfAbsent(status.getUuid(), status.getState());
      require(
          before == null || before == status.getState(),
          "an update never changes",
          status.getTaskId().getValue() + " was " + before + ", is " + status.getState());
    }
  }

  // -- Replicas ---------------------------------------------------------------------------------

  public void applied(int member, long index, MasterState state, MemoryRows rows) {
    if (digests.size() < index) {
      digests.add(rows.digest());
      resourcesAreInOneHand(state);
    }
    require(
        digests.get((int) index - 1) == rows.digest(),
        "replicas agree",
        "member " + member + " differs at index " + index);
  }

  private void resourcesAreInOneHand(MasterState state) {
    for (Agent agent : state.agents().values()) {
      Resources taken =
          agent.used().plus(agent.offered()).filter(resource -> !resource.hasShared());
      require(
          agent.total().contains(taken),
          "resources are in one hand",
          agent.id() + " has " + agent.total() + ", in use and on offer are " + taken);
    }
  }

  // -- Answers and events -----------------------------------------------------------------------

  /** Whatever is asked, a rule says yes or no. */
  public void everyCallIsDecided(Call call, Throwable failure) {
    boolean known =
        failure == null
            || failure instanceof NotLeaderException
            || failure instanceof OutcomeUnknownException
            || failure instanceof OverloadedException;
    require(known, "every call is decided", call.getWhatCase() + ": " + failure);
  }

  /**
   * An entry whose predecessor got lost leaves every replica as it is.
   *
   * @param before the time of the state that it met
   * @param after the time of the state that it left, which is its own if it was taken
   */
  public void entryMeetsItsState(Entry entry, long before, long after) {
    boolean taken = after == entry.getTimeNanos();
    boolean follows = !entry.hasDecidedOnNanos() || entry.getDecidedOnNanos() == before;
    require(
        !taken || follows,
        "an entry is taken on what it was decided on",
        entry.getDecidedOnNanos() + " met " + before);
  }

  /** A launch that was answered 202 is in the log, one way or the other. */
  public void answered(Call call, Answer answer) {
    boolean done = answer instanceof Answer.Accepted;
    for (Offer.Operation operation :
        call.getScheduler().getCall().getAccept().getOperationsList()) {
      List<TaskInfo> tasks =
          operation.hasLaunch()
              ? operation.getLaunch().getTaskInfosList()
              : operation.getLaunchGroup().getTaskGroup().getTasksList();
      for (TaskInfo task : tasks) {
        String id = task.getTaskId().getValue();
        require(
            !done || launched.contains(id) || refused.contains(id),
            "an answered launch is not lost",
            id);
      }
    }
  }

  /** Nothing is told before its cause is committed. */
  public void sent(io.quorate.protocol.v1.scheduler.Event event) {
    TaskStatus status = event.getUpdate().getStatus();
    if (status.hasUuid()) {
      require(
          committedUpdates.get(status.getUuid()) == status.getState(),
          "nothing is told before it is committed",
          status.getTaskId().getValue() + " " + status.getState());
    }
    if (status.getReason() == TaskStatus.Reason.REASON_RECONCILIATION) {
      String told = status.getTaskId().getValue() + " " + status.getState();
      boolean ofAnAgent =
          switch (status.getState()) {
            case TASK_STARTING, TASK_RUNNING, TASK_FINISHED, TASK_FAILED, TASK_KILLED -> true;
            default -> false;
          };
      require(
          !ofAnAgent || committedStates.contains(told),
          "reconciliation tells what the log says",
          told);
    }
    for (Offer offer : event.getOffers().getOffersList()) {
      require(
          mintedIds.contains(offer.getId().getValue()),
          "nothing is told before it is committed",
          offer.getId().getValue());
    }
  }

  // -- Agents and frameworks --------------------------------------------------------------------

  public void commandsHaveNoGaps(String agent, long expected, long number) {
    require(
        number <= expected,
        "commands have no gaps",
        agent + " expects " + expected + ", gets " + number);
  }

  public void tasksRunOnce(String task, String agent) {
    require(launched.contains(task), "only launched tasks run", task + " on " + agent);
    require(started.add(task), "a task runs once", task + " again on " + agent);
  }

  /** How a process came to its end; where that can be told in more ways than one, all of them. */
  public void ended(String task, Set<TaskState> how) {
    ends.put(task, how);
  }

  /** Why an agent was refused: not because it forgot what it had confirmed. */
  public void refused(String agent, String why) {
    require(!why.contains("commands_done is"), "an agent knows what it confirmed", agent + why);
  }

  /** An agent made an update; updates of a task count from 0. */
  public void made(ByteString uuid, int place) {
    places.put(uuid, place);
  }

  /** For one framework. */
  public DeliveryRecord.FrameworkDelivery delivery() {
    return told.new FrameworkDelivery();
  }

  /** Whoever was subscribed is known again, or is told that it was removed. */
  public void frameworksKeepTheirIds(String before, String now) {
    require(
        before.isEmpty() || before.equals(now), "a framework keeps its id", before + " is " + now);
  }

  public void updatesComeInOrder(TaskStatus status) {
    Integer place = places.get(status.getUuid());
    if (!status.hasUuid() || place == null) {
      return;
    }
    String task = status.getTaskId().getValue();
    Life life = lives.computeIfAbsent(task, key -> new Life());
    if (place <= life.last) {
      require(
          place < life.last || status.getUuid().equals(life.lastUuid),
          "an update is never replaced",
          task + ": " + place);
      return;
    }
    require(place == life.last + 1, "updates come in order", task + ": " + place);
    require(
        life.last < 0 || acknowledged.contains(life.lastUuid),
        "the next update waits for the acknowledgement",
        task + ": " + place);
    life.last = place;
    life.lastUuid = status.getUuid();
    if (terminal(status.getState())) {
      require(
          ends.getOrDefault(task, Set.of(status.getState())).contains(status.getState()),
          "the end that is told is the end that was",
          task + " was " + ends.get(task) + ", told is " + status.getState());
      require(
          life.end == null || life.end == status.getState(),
          "a task ends once",
          task + " was " + life.end + ", is " + status.getState());
      life.end = status.getState();
    }
  }

  public static boolean terminal(TaskState state) {
    return io.quorate.protocol.TaskStates.terminal(state);
  }

  // -- The end ----------------------------------------------------------------------------------

  public void killedTasksEnd(MasterState state) {
    state
        .tasks()
        .values()
        .forEach(
            task ->
                require(
                    task.unreachable(), "killed tasks end", task.key() + " is " + task.state()));
  }

  /**
   * An agent whose link broke, whether it heard of that or not, finds the leader again.
   *
   * @param agent its name
   * @param linked whether it has a link on which the leader is heard
   */
  public void agentsComeBack(String agent, boolean linked) {
    require(linked, "agents come back", agent + " has no link to a leader");
  }

  /** What is sent to a framework that counts as connected arrives, or breaks its connection. */
  public void connectedFrameworksHaveStreams(MasterState state, Predicate<String> hasStream) {
    state
        .frameworks()
        .values()
        .forEach(
            framework ->
                require(
                    !framework.connected() || hasStream.test(framework.streamId()),
                    "connected frameworks have streams",
                    framework.id() + " on " + framework.streamId()));
  }

  /** Nothing is overdue by more than a change of leader takes. */
  public void timersFire(MasterState state, long nowNanos) {
    boolean due =
        !state.timers().isEmpty()
            && state.timers().first().deadlineNanos() < nowNanos - 10 * World.SECOND;
    require(!due, "timers fire", due ? state.timers().first().toString() : "");
  }

  public void nothingIsLeft(MasterState state, int openStreams) {
    require(openStreams == 0, "nothing is left", openStreams + " streams");
    left("frameworks", state.frameworks().size());
    left("offers", state.offers().size());
    left("inverse offers", state.inverseOffers().size());
    left("filters", state.filters().size());
    left("tasks", state.tasks().size());
    left("executors", state.executors().size());
    left("remembered accepts", state.accepts().size());
    for (Agent agent : state.agents().values()) {
      boolean done = !agent.connected() || agent.commandsDone() == agent.lastCommand();
      require(done, "nothing is left", "commands of " + agent.id());
      require(agent.used().isEmpty(), "nothing is left", agent.id() + " holds " + agent.used());
    }
    for (Timer timer : state.timers()) {
      boolean ofAgents =
          timer.subject() == Timer.Subject.GONE_AGENT
              || timer.subject() == Timer.Subject.UNREACHABLE_AGENT;
      require(ofAgents, "nothing is left", timer.toString());
    }
  }

  private void left(String what, int count) {
    require(count == 0, "nothing is left", count + " " + what);
  }

  public void leads(boolean somebody) {
    require(somebody, "a leader is found after healing", "nobody leads");
  }

  public void goesOn(long before, long after) {
    require(after > before + 20, "the log goes on after healing", before + " to " + after);
  }

  /** Row by row, beside what the digests say. */
  public void replicasHoldTheSame(int leader, MemoryRows rows, int other, MemoryRows otherRows) {
    require(
        rows.same(otherRows),
        "replicas hold the same",
        "member " + other + " differs from member " + leader);
  }

  public void replayGivesTheState(MasterState live, MasterState replayed) {
    require(live.equals(replayed), "replay gives the live state", "it differs");
  }

  public void rowsGiveTheState(MasterState live, MasterState restored) {
    require(live.equals(restored), "rows give the live state", "it differs");
  }
}
