package io.quorate.chaos.simulate;

import io.quorate.master.event.Entry;
import io.quorate.master.event.Event;
import io.quorate.master.event.Record;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.TaskState;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Ten bugs, each as it might be made, and the invariant that each breaks. */
final class PlantedBugs {
  private PlantedBugs() {}

  /** By name. */
  static Map<String, Supplier<Sabotage>> all() {
    Map<String, Supplier<Sabotage>> bugs = new TreeMap<>();
    bugs.put(
        "an ACCEPT does not consume its offer",
        () -> events(event -> event.hasOfferAccepted() ? null : event));
    bugs.put(
        "a filter is never removed",
        () -> events(event -> event.hasFilterRemoved() ? null : event));
    bugs.put(
        "a kill gets lost", () -> events(event -> event.hasTaskKillRequested() ? null : event));
    bugs.put("a launch is applied twice", PlantedBugs::launchesTwice);
    bugs.put("a repeated update changes its state", PlantedBugs::changesRepeatedUpdates);
    bugs.put("offer ids count from zero again under a new leader", PlantedBugs::recountsOffers);
    bugs.put("a follower skips an event", PlantedBugs::skipsAnEvent);
    bugs.put("a deposed leader believes that it commits", () -> flaw(Flaw.BELIEVES_ITSELF));
    bugs.put("a command gets lost on a link that stays", PlantedBugs::losesCommands);
    bugs.put("updates are passed on before they are committed", () -> flaw(Flaw.FORWARDS_EARLY));
    log(bugs);
    bugs.put("a leader answers reads without asking", () -> flaw(Flaw.READS_WITHOUT_ASKING));
    agents(bugs);
    return bugs;
  }

  private static void agents(Map<String, Supplier<Sabotage>> bugs) {
    bugs.put("an agent acts before its sync", () -> flaw(Flaw.AGENT_ACTS_BEFORE_SYNC));
    bugs.put("an agent confirms before its sync", () -> flaw(Flaw.AGENT_CONFIRMS_BEFORE_SYNC));
    bugs.put("an agent carries out a command again", () -> flaw(Flaw.AGENT_REPEATS_COMMANDS));
    bugs.put("an agent forgets its last record", () -> flaw(Flaw.AGENT_FORGETS_ITS_JOURNAL));
    bugs.put("a restarted agent launches again", () -> flaw(Flaw.AGENT_LAUNCHES_AGAIN));
    bugs.put("an end while the agent is down is lost", () -> flaw(Flaw.AGENT_LOSES_ENDS));
    bugs.put("a uuid of an update is used again", () -> flaw(Flaw.AGENT_REUSES_UUIDS));
  }

  private static void log(Map<String, Supplier<Sabotage>> bugs) {
    bugs.put("a vote is not saved", () -> flaw(Flaw.VOTE_IS_NOT_SAVED));
    bugs.put("a vote is granted twice", () -> flaw(Flaw.VOTES_TWICE));
    bugs.put("who lags gets votes", () -> flaw(Flaw.STALE_LOG_GETS_VOTES));
    bugs.put("a torn tail is taken", () -> flaw(Flaw.TORN_TAIL_IS_TAKEN));
    bugs.put("an entry is acknowledged before its sync", () -> flaw(Flaw.ACKNOWLEDGED_BEFORE_SYNC));
    bugs.put("a leader counts itself before its sync", () -> flaw(Flaw.LEADER_COUNTS_UNSYNCED));
    bugs.put("an entry is committed without a majority", () -> flaw(Flaw.COMMITS_WITHOUT_MAJORITY));
    bugs.put("an older term is committed by counting", () -> flaw(Flaw.OLD_TERMS_BY_COUNTING));
    bugs.put("what follows an old message is cut", () -> flaw(Flaw.CUTS_WHAT_FOLLOWS));
    bugs.put("a snapshot lacks its last event", () -> flaw(Flaw.SNAPSHOT_LACKS_THE_LAST));
    bugs.put("a snapshot is restored one too high", () -> flaw(Flaw.RESTORED_AT_WRONG_INDEX));
    bugs.put("a lost disk comes back under its name", () -> flaw(Flaw.LOST_DISK_COMES_BACK));
    bugs.put("a leader serves too soon", () -> flaw(Flaw.LEADS_TOO_SOON));
  }

  /** Changes or leaves out events of every entry, on all members alike. */
  private static Sabotage events(UnaryOperator<Event> how) {
    return new Sabotage() {
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

  private static Sabotage launchesTwice() {
    return new Sabotage() {
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

  private static Sabotage changesRepeatedUpdates() {
    return events(
        event -> {
          Event.Builder changed = event.toBuilder();
          if (event.hasTaskStatusRepeated()) {
            changed.getTaskStatusRepeatedBuilder().getStatusBuilder().setState(TaskState.TASK_LOST);
          }
          return changed.build();
        });
  }

  private static Sabotage recountsOffers() {
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

  private static Sabotage skipsAnEvent() {
    Set<Long> once = new HashSet<>();
    return new Sabotage() {
      @Override
      public Entry applied(int member, long index, Entry entry) {
        boolean skip = member == 1 && index % 17 == 0 && once.add(index);
        return skip ? changed(entry, event -> null) : entry;
      }
    };
  }

  private static Sabotage losesCommands() {
    int[] commands = {0};
    return new Sabotage() {
      @Override
      public boolean loses(AgentEvent event) {
        return event.hasCommand() && ++commands[0] % 7 == 0;
      }
    };
  }

  private static Sabotage flaw(Flaw flaw) {
    return new Sabotage() {
      @Override
      public boolean has(Flaw asked) {
        return asked == flaw;
      }
    };
  }
}
