package io.quorate.chaos.simulate;

import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.world.ActionPlan;
import io.quorate.master.event.Entry;
import io.quorate.master.event.Event;
import io.quorate.master.event.Record;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Bugs, each as it might be made, with the invariant that it breaks. */
final class InjectedBugs {
  private static final String NEVER_LOST = "a committed entry is never lost or changed";
  private static final String ON_DISKS = "a committed entry is on the disks of a majority";

  private InjectedBugs() {}

  /**
   * One bug.
   *
   * @param floor of the worlds in which it is looked for
   * @param invariant the name of the one that it breaks
   * @param firstSeed where the search begins: near a seed that shows it, if few seeds do
   */
  record Bug(
      ActionPlan.Floor floor,
      String name,
      String invariant,
      Supplier<InjectedBug> injectedBug,
      long firstSeed) {
    Bug(ActionPlan.Floor floor, String name, String invariant, Supplier<InjectedBug> injectedBug) {
      this(floor, name, invariant, injectedBug, 1);
    }

    /** The same bug, looked for from this seed on. */
    Bug from(long seed) {
      return new Bug(floor, name, invariant, injectedBug, seed);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static Bug named(String name) {
    return all().stream().filter(bug -> bug.name.equals(name)).findFirst().orElseThrow();
  }

  static List<Bug> all() {
    List<Bug> bugs = new ArrayList<>();
    bugs.addAll(ofTheLog());
    bugs.addAll(ofTheMasters());
    bugs.addAll(ofTheAgents());
    bugs.addAll(ofTheDriver());
    return bugs;
  }

  private static Bug log(String name, String invariant, BugSwitch flaw) {
    return new Bug(ActionPlan.Floor.LOG, name, invariant, () -> flaw(flaw));
  }

  private static List<Bug> ofTheLog() {
    return List.of(
        log("a vote is not saved", "one leader a term", BugSwitch.VOTE_IS_NOT_SAVED),
        log("a vote is granted twice", "one leader a term", BugSwitch.VOTES_TWICE),
        log("who lags gets votes", NEVER_LOST, BugSwitch.STALE_LOG_GETS_VOTES),
        log("a torn tail is taken", NEVER_LOST, BugSwitch.TORN_TAIL_IS_TAKEN),
        log(
            "an entry is acknowledged before its sync",
            ON_DISKS,
            BugSwitch.ACKNOWLEDGED_BEFORE_SYNC),
        log("a leader counts itself before its sync", ON_DISKS, BugSwitch.LEADER_COUNTS_UNSYNCED),
        log(
            "an entry is committed without a majority",
            ON_DISKS,
            BugSwitch.COMMITS_WITHOUT_MAJORITY),
        log("an older term is committed by counting", NEVER_LOST, BugSwitch.OLD_TERMS_BY_COUNTING),
        log("what follows an old message is cut", ON_DISKS, BugSwitch.CUTS_WHAT_FOLLOWS),
        log("a snapshot lacks its last event", "replicas agree", BugSwitch.SNAPSHOT_LACKS_THE_LAST),
        log(
            "a snapshot is restored one too high",
            "committed prefixes are equal",
            BugSwitch.RESTORED_AT_WRONG_INDEX),
        log("a digest skips a table", "replicas hold the same", BugSwitch.DIGEST_SKIPS_A_TABLE),
        log("a lost disk comes back under its name", NEVER_LOST, BugSwitch.LOST_DISK_COMES_BACK),
        log(
            "a leader answers reads without asking",
            "a read sees what was committed",
            BugSwitch.READS_WITHOUT_ASKING),
        log(
            "a deposed leader believes that it commits",
            "an answered append is in the log",
            BugSwitch.BELIEVES_ITSELF));
  }

  private static Bug masters(String name, String invariant, Supplier<InjectedBug> injectedBug) {
    return new Bug(ActionPlan.Floor.MASTERS, name, invariant, injectedBug);
  }

  private static List<Bug> ofTheMasters() {
    return List.of(
        masters(
            "a leader serves before all is applied, and entries do not say what they follow",
            "ids are minted once",
            InjectedBugs::leadsTooSoonUnnoticed),
        masters(
            "an entry is taken whatever it was decided on",
            "an entry is taken on what it was decided on",
            InjectedBugs::takesAnyEntry),
        masters(
            "an ACCEPT does not consume its offer",
            "resources are in one hand",
            () -> events(event -> event.hasOfferAccepted() ? null : event)),
        masters(
            "a filter is never removed",
            "timers fire",
            () -> events(event -> event.hasFilterRemoved() ? null : event)),
        masters("timers are lost at a fail-over", "timers fire", InjectedBugs::losesTimers),
        masters(
            "a kill gets lost",
            "killed tasks end",
            () -> events(event -> event.hasTaskKillRequested() ? null : event)),
        masters(
            "a launch is applied twice", "a task is launched once", InjectedBugs::launchesTwice),
        masters(
            "a repeated update changes its state",
            "an update never changes",
            InjectedBugs::changesRepeatedUpdates),
        masters(
            "offer ids count from zero again under a new leader",
            "ids are minted once",
            InjectedBugs::recountsOffers),
        masters("a follower skips an event", "replicas agree", InjectedBugs::skipsAnEvent),
        masters(
            "a command gets lost on a link that stays",
            "commands have no gaps",
            InjectedBugs::losesCommands),
        masters(
            "updates are passed on before they are committed",
            "nothing is told before it is committed",
            () -> flaw(BugSwitch.FORWARDS_EARLY)),
        masters(
                "who resumes misses the rest of its entry",
                "nothing that was committed is left out",
                () -> flaw(BugSwitch.RESUMES_SHORT))
            .from(865),
        masters(
            "reconciliation tells what is not in the log",
            "reconciliation tells what the log says",
            InjectedBugs::guessesTheState));
  }

  private static Bug agents(String name, String invariant, BugSwitch flaw) {
    return masters(name, invariant, () -> flaw(flaw));
  }

  private static List<Bug> ofTheAgents() {
    return List.of(
        agents(
            "an agent acts before its sync",
            "an agent knows what it confirmed",
            BugSwitch.AGENT_ACTS_BEFORE_SYNC),
        agents(
                "an agent confirms before its sync",
                "an agent knows what it confirmed",
                BugSwitch.AGENT_CONFIRMS_BEFORE_SYNC)
            .from(225),
        agents(
            "an agent carries out a command again",
            "a task runs once",
            BugSwitch.AGENT_REPEATS_COMMANDS),
        agents(
            "an agent forgets its last update",
            "an update is never replaced",
            BugSwitch.AGENT_FORGETS_AN_UPDATE),
        agents(
            "a restarted agent launches again", "a task runs once", BugSwitch.AGENT_LAUNCHES_AGAIN),
        agents(
            "an end while the agent is down is lost",
            "the end that is told is the end that was",
            BugSwitch.AGENT_LOSES_ENDS),
        agents(
            "an agent stays on a dead link",
            "agents come back",
            BugSwitch.AGENT_STAYS_ON_A_DEAD_LINK),
        agents(
                "a uuid of an update is used again",
                "an update never changes",
                BugSwitch.AGENT_REUSES_UUIDS)
            .from(15));
  }

  private static List<Bug> ofTheDriver() {
    return List.of(
        masters(
                "the driver counts an entry with its first event",
                "nothing that was committed is left out",
                () -> flaw(BugSwitch.DRIVER_COUNTS_EARLY))
            .from(20),
        masters(
            "the driver subscribes anew without its id",
            "a framework keeps its id",
            () -> flaw(BugSwitch.DRIVER_FORGETS_ITS_ID)));
  }

  /** That an entry names what it was decided on would keep the others from taking its entries. */
  private static InjectedBug leadsTooSoonUnnoticed() {
    return new InjectedBug() {
      @Override
      public boolean has(BugSwitch asked) {
        return asked == BugSwitch.LEADS_TOO_SOON;
      }

      @Override
      public Entry appended(Entry entry) {
        return entry.toBuilder().clearDecidedOnNanos().build();
      }
    };
  }

  /** An entry that does not say what it follows is taken by every replica. */
  private static InjectedBug takesAnyEntry() {
    return new InjectedBug() {
      @Override
      public Entry applied(int member, long index, Entry entry) {
        return entry.toBuilder().clearDecidedOnNanos().build();
      }
    };
  }

  private static InjectedBug losesTimers() {
    int[] leaders = {0};
    return new InjectedBug() {
      @Override
      public Entry appended(Entry entry) {
        Entry.Builder next = entry.toBuilder().clearRecords();
        for (Record record : entry.getRecordsList()) {
          leaders[0] += record.getCall().hasBecomeLeader() ? 1 : 0;
          if (leaders[0] < 2 || !record.getCall().hasFireTimers()) {
            next.addRecords(record);
          }
        }
        return next.build();
      }
    };
  }

  private static InjectedBug guessesTheState() {
    return new InjectedBug() {
      @Override
      public io.quorate.protocol.v1.scheduler.Event sent(
          io.quorate.protocol.v1.scheduler.Event event) {
        TaskStatus status = event.getUpdate().getStatus();
        boolean guess =
            status.getReason() == TaskStatus.Reason.REASON_RECONCILIATION
                && status.getState() == TaskState.TASK_RUNNING;
        if (!guess) {
          return event;
        }
        var changed = event.toBuilder();
        changed.getUpdateBuilder().getStatusBuilder().setState(TaskState.TASK_FINISHED);
        return changed.build();
      }
    };
  }

  /** Changes or leaves out events of every entry, on all members alike. */
  private static InjectedBug events(UnaryOperator<Event> how) {
    return new InjectedBug() {
      @Override
      public Entry appended(Entry entry) {
        return changed(entry, how);
      }
    };
  }

  private static Entry changed(Entry entry, UnaryOperator<Event> how) {
    Entry.Builder next = entry.toBuilder().clearRecords();
    for (Record record : entry.getRecordsList()) {
      Record.Builder kept = record.toBuilder().clearEvents();
      for (Event event : record.getEventsList()) {
        Event changed = how.apply(event);
        if (changed != null) {
          kept.addEvents(changed);
        }
      }
      next.addRecords(kept);
    }
    return next.build();
  }

  private static InjectedBug launchesTwice() {
    return new InjectedBug() {
      @Override
      public Entry appended(Entry entry) {
        Entry.Builder next = entry.toBuilder().clearRecords();
        for (Record record : entry.getRecordsList()) {
          Record.Builder twice = record.toBuilder();
          record.getEventsList().stream().filter(Event::hasTaskLaunched).forEach(twice::addEvents);
          next.addRecords(twice);
        }
        return next.build();
      }
    };
  }

  private static InjectedBug changesRepeatedUpdates() {
    return events(
        event -> {
          Event.Builder changed = event.toBuilder();
          if (event.hasTaskStatusRepeated()) {
            changed.getTaskStatusRepeatedBuilder().getStatusBuilder().setState(TaskState.TASK_LOST);
          }
          return changed.build();
        });
  }

  private static InjectedBug recountsOffers() {
    int[] count = {0};
    return events(
        event -> {
          Event.Builder changed = event.toBuilder();
          if (event.hasLeaderElected()) {
            count[0] = 0;
          } else if (event.hasOfferExtended()) {
            String id = event.getOfferExtended().getOfferId();
            String prefix = id.substring(0, id.lastIndexOf("-O") + 2);
            changed.getOfferExtendedBuilder().setOfferId(prefix + count[0]++);
          }
          return changed.build();
        });
  }

  private static InjectedBug skipsAnEvent() {
    Set<Long> once = new HashSet<>();
    return new InjectedBug() {
      @Override
      public Entry applied(int member, long index, Entry entry) {
        boolean skip = member == 1 && index % 17 == 0 && once.add(index);
        return skip ? changed(entry, event -> null) : entry;
      }
    };
  }

  private static InjectedBug losesCommands() {
    int[] commands = {0};
    return new InjectedBug() {
      @Override
      public boolean loses(AgentEvent event) {
        return event.hasCommand() && ++commands[0] % 7 == 0;
      }
    };
  }

  private static InjectedBug flaw(BugSwitch flaw) {
    return new InjectedBug() {
      @Override
      public boolean has(BugSwitch asked) {
        return asked == flaw;
      }
    };
  }
}
