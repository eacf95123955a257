package io.quorate.master.effect;

import io.quorate.master.event.Entry;
import io.quorate.master.event.OfferExtended;
import io.quorate.master.event.OperationsReconciled;
import io.quorate.master.event.Record;
import io.quorate.master.event.TasksReconciled;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a framework was not told while nobody listened, out of the entries since: every event in
 * order, but for offers that came and went meanwhile. Offers that came and stayed are sent with the
 * subscription; what was asked for meanwhile is answered anew.
 */
public final class Missed {
  private final String framework;
  private final List<Event> events = new ArrayList<>();
  private final Set<String> extended = new LinkedHashSet<>();
  private final List<TasksReconciled> reconciled = new ArrayList<>();
  private final List<OperationsReconciled> operationsReconciled = new ArrayList<>();

  public Missed(FrameworkId framework) {
    this.framework = framework.value();
  }

  /** Takes the next entry, in the order of the log. */
  public void take(long index, Entry entry) {
    Taker taker = new Taker(index);
    for (Record record : entry.getRecordsList()) {
      for (io.quorate.master.event.Event event : record.getEventsList()) {
        Audience.of(event).tell(taker);
      }
    }
  }

  /** Returns the events so far. */
  public List<Event> events() {
    return events;
  }

  /** Whether an offer was made in these entries. */
  public boolean extended(String offerId) {
    return extended.contains(offerId);
  }

  /** The answers, from the present state, to what was asked in these entries. */
  public List<Event> answers(MasterState state) {
    List<Event> answers = new ArrayList<>();
    if (state.frameworks().has(new FrameworkId(framework))) {
      for (TasksReconciled asked : reconciled) {
        Reconciliation.answers(state, asked)
            .forEach(status -> answers.add(SchedulerEvents.update(status)));
      }
      for (OperationsReconciled asked : operationsReconciled) {
        OperationReconciliation.answers(state, asked)
            .forEach(status -> answers.add(SchedulerEvents.operation(status)));
      }
    }
    return answers;
  }

  /** A full implicit reconciliation, where history does not reach. */
  public static List<Event> everything(MasterState state, FrameworkId framework) {
    Missed missed = new Missed(framework);
    missed.reconciled.add(TasksReconciled.newBuilder().setFrameworkId(framework.value()).build());
    return missed.answers(state);
  }

  /** Takes what this framework would have been told. */
  private final class Taker implements Audience.Listener {
    private final long index;

    Taker(long index) {
      this.index = index;
    }

    private boolean mine(FrameworkId id) {
      return framework.equals(id.value());
    }

    @Override
    public void framework(FrameworkId id, Event news) {
      if (mine(id)) {
        everyFramework(news);
      }
    }

    @Override
    public void everyFramework(Event news) {
      events.add(news.toBuilder().setLogIndex(index).build());
    }

    @Override
    public void offered(OfferExtended offer) {
      if (framework.equals(offer.getFrameworkId())) {
        extended.add(offer.getOfferId());
      }
    }

    /** Inverse offers that stand are sent with the subscription. */
    @Override
    public void inverseOffered(FrameworkId id, OfferId offer) {}

    /** An offer that came and went meanwhile was never heard of. */
    @Override
    public void offerVoid(FrameworkId id, OfferId offer, boolean silently) {
      if (!extended.contains(offer.value())) {
        framework(id, SchedulerEvents.rescind(offer));
      }
    }

    @Override
    public void asked(TasksReconciled question) {
      if (framework.equals(question.getFrameworkId())) {
        reconciled.add(question);
      }
    }

    @Override
    public void asked(OperationsReconciled question) {
      if (framework.equals(question.getFrameworkId())) {
        operationsReconciled.add(question);
      }
    }

    // What follows is said to streams and links that are open, and by the subscription itself.

    @Override
    public void subscribed(FrameworkId id) {}

    @Override
    public void refused(String streamId, String why) {}

    @Override
    public void removed(FrameworkId id) {}

    @Override
    public void updated(FrameworkId id) {}

    @Override
    public void commanded(AgentId id) {}

    @Override
    public void commandedFor(TaskKey task) {}

    @Override
    public void commandedFor(OperationKey operation) {}

    @Override
    public void linked(AgentId id) {}

    @Override
    public void unreachable(AgentId id) {}

    @Override
    public void agentRemoved(AgentId id) {}
  }
}
