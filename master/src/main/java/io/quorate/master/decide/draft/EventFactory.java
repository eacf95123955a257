package io.quorate.master.decide.draft;

import com.google.protobuf.ByteString;
import io.quorate.master.event.Event;
import io.quorate.master.event.FilterInstalled;
import io.quorate.master.event.FilterRemoved;
import io.quorate.master.event.InverseOfferRescinded;
import io.quorate.master.event.OfferAccepted;
import io.quorate.master.event.OfferDeclined;
import io.quorate.master.event.OfferDiscarded;
import io.quorate.master.event.OfferRescinded;
import io.quorate.master.event.TaskRefused;
import io.quorate.master.event.TaskStatusUpdated;
import io.quorate.master.event.UpdateDisowned;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;

/** The events that several decisions emit. */
public final class EventFactory {
  private EventFactory() {}

  public static Event.Builder accepted(OfferId id) {
    return Event.newBuilder().setOfferAccepted(OfferAccepted.newBuilder().setOfferId(id.value()));
  }

  public static Event.Builder declined(OfferId id) {
    return Event.newBuilder().setOfferDeclined(OfferDeclined.newBuilder().setOfferId(id.value()));
  }

  /** Returns the event that takes back an outstanding offer, of which its framework is told. */
  public static Event.Builder rescinded(Draft draft, OfferId id) {
    return Event.newBuilder()
        .setOfferRescinded(
            OfferRescinded.newBuilder()
                .setOfferId(id.value())
                .setFrameworkId(draft.state().offers().get(id).framework().value()));
  }

  /** Returns the event that takes back an outstanding offer without a word to its framework. */
  public static Event.Builder discarded(Draft draft, OfferId id) {
    return Event.newBuilder()
        .setOfferDiscarded(
            OfferDiscarded.newBuilder()
                .setOfferId(id.value())
                .setFrameworkId(draft.state().offers().get(id).framework().value()));
  }

  public static Event.Builder filtered(
      Offer offer, Resources refused, long deadlineNanos, long forgetNanos) {
    return Event.newBuilder()
        .setFilterInstalled(
            FilterInstalled.newBuilder()
                .setFrameworkId(offer.framework().value())
                .setRole(offer.role())
                .setAgentId(offer.agent().value())
                .addAllResources(refused.toProtos())
                .setDeadlineNanos(deadlineNanos)
                .setForgetNanos(forgetNanos));
  }

  /** Returns the event that filters inverse offers, which have no role. */
  public static Event.Builder filtered(InverseOffer offer, long deadlineNanos) {
    return Event.newBuilder()
        .setFilterInstalled(
            FilterInstalled.newBuilder()
                .setFrameworkId(offer.framework().value())
                .setRole("")
                .setAgentId(offer.agent().value())
                .setDeadlineNanos(deadlineNanos));
  }

  public static Event.Builder rescinded(InverseOffer offer) {
    return Event.newBuilder()
        .setInverseOfferRescinded(
            InverseOfferRescinded.newBuilder()
                .setOfferId(offer.id().value())
                .setFrameworkId(offer.framework().value()));
  }

  public static Event.Builder unfiltered(FilterKey key) {
    return Event.newBuilder()
        .setFilterRemoved(
            FilterRemoved.newBuilder()
                .setFrameworkId(key.framework().value())
                .setRole(key.role())
                .setAgentId(key.agent().value())
                .setNumber(key.number()));
  }

  public static Event.Builder refused(FrameworkId framework, TaskStatus status) {
    return Event.newBuilder()
        .setTaskRefused(
            TaskRefused.newBuilder().setFrameworkId(framework.value()).setStatus(status));
  }

  public static Event.Builder updated(FrameworkId framework, TaskStatus status, TaskState latest) {
    return Event.newBuilder()
        .setTaskStatusUpdated(
            TaskStatusUpdated.newBuilder()
                .setFrameworkId(framework.value())
                .setStatus(status)
                .setLatestState(latest));
  }

  public static Event.Builder disowned(
      AgentId agent, String framework, String task, ByteString uuid) {
    return Event.newBuilder()
        .setUpdateDisowned(
            UpdateDisowned.newBuilder()
                .setAgentId(agent.value())
                .setFrameworkId(framework)
                .setTaskId(task)
                .setUuid(uuid));
  }
}
