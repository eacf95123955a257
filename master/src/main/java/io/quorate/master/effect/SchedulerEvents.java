package io.quorate.master.effect;

import io.quorate.master.event.OfferExtended;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Address;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.URL;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The events of the v1 scheduler API (Mesos 3.4). */
public final class SchedulerEvents {
  /** A heartbeat comes after this many seconds on a scheduler's stream (CP-046). */
  public static final double HEARTBEAT_SECONDS = 15.0;

  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

  private SchedulerEvents() {}

  static Event subscribed(Framework framework, MasterInfo master) {
    return Event.newBuilder()
        .setType(Event.Type.SUBSCRIBED)
        .setSubscribed(
            Event.Subscribed.newBuilder()
                .setFrameworkId(FrameworkID.newBuilder().setValue(framework.id().value()))
                .setHeartbeatIntervalSeconds(HEARTBEAT_SECONDS)
                .setMasterInfo(master))
        .build();
  }

  static Event error(String message) {
    return Event.newBuilder()
        .setType(Event.Type.ERROR)
        .setError(Event.Error.newBuilder().setMessage(message))
        .build();
  }

  static Event update(TaskStatus status) {
    return Event.newBuilder()
        .setType(Event.Type.UPDATE)
        .setUpdate(Event.Update.newBuilder().setStatus(status))
        .build();
  }

  static Event operation(OperationStatus status) {
    return Event.newBuilder()
        .setType(Event.Type.UPDATE_OPERATION_STATUS)
        .setUpdateOperationStatus(Event.UpdateOperationStatus.newBuilder().setStatus(status))
        .build();
  }

  static Event rescind(OfferId id) {
    return Event.newBuilder()
        .setType(Event.Type.RESCIND)
        .setRescind(
            Event.Rescind.newBuilder().setOfferId(OfferID.newBuilder().setValue(id.value())))
        .build();
  }

  static Event failure(AgentId id) {
    return Event.newBuilder()
        .setType(Event.Type.FAILURE)
        .setFailure(
            Event.Failure.newBuilder().setAgentId(AgentID.newBuilder().setValue(id.value())))
        .build();
  }

  /** An outstanding offer as the event that extended it. */
  static OfferExtended extended(io.quorate.master.state.entity.Offer offer) {
    return OfferExtended.newBuilder()
        .setOfferId(offer.id().value())
        .setFrameworkId(offer.framework().value())
        .setAgentId(offer.agent().value())
        .setRole(offer.role())
        .addAllResources(offer.resources().toProtos())
        .build();
  }

  /** One OFFERS event per framework. */
  static TreeMap<FrameworkId, Event> offers(MasterState state, List<OfferExtended> extended) {
    TreeMap<FrameworkId, Event.Offers.Builder> batches = new TreeMap<>();
    for (OfferExtended offer : extended) {
      FrameworkId framework = new FrameworkId(offer.getFrameworkId());
      batches
          .computeIfAbsent(framework, key -> Event.Offers.newBuilder())
          .addOffers(offer(state, offer));
    }
    TreeMap<FrameworkId, Event> events = new TreeMap<>();
    batches.forEach(
        (framework, offers) ->
            events.put(
                framework,
                Event.newBuilder().setType(Event.Type.OFFERS).setOffers(offers).build()));
    return events;
  }

  /** As the framework's capabilities ask for it (CP-092, 093, 131, 132, 178). */
  private static Offer offer(MasterState state, OfferExtended extended) {
    Framework framework = state.frameworks().get(new FrameworkId(extended.getFrameworkId()));
    Agent agent = state.agents().get(new AgentId(extended.getAgentId()));
    boolean multiRole = framework.has(FrameworkInfo.Capability.Type.MULTI_ROLE);
    Resources resources = Resources.of(extended.getResourcesList());
    if (multiRole) {
      resources = resources.allocatedTo(extended.getRole());
    }
    Offer.Builder offer =
        Offer.newBuilder()
            .setId(OfferID.newBuilder().setValue(extended.getOfferId()))
            .setFrameworkId(FrameworkID.newBuilder().setValue(extended.getFrameworkId()))
            .setAgentId(AgentID.newBuilder().setValue(extended.getAgentId()))
            .setHostname(agent.info().getHostname())
            .setUrl(url(agent))
            .addAllResources(resources.toProtos(format(framework)))
            .addAllAttributes(agent.info().getAttributesList());
    if (multiRole) {
      offer.setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(extended.getRole()));
    }
    state
        .maintenance()
        .machineOf(agent)
        .ifPresent(machine -> offer.setUnavailability(machine.unavailability()));
    for (Executor executor : state.executorsOf(framework.id(), agent.id())) {
      offer.addExecutorIds(ExecutorID.newBuilder().setValue(executor.key().executorId()));
    }
    if (agent.info().hasDomain()) {
      offer.setDomain(agent.info().getDomain());
    }
    return offer.build();
  }

  private static Resources.Format format(Framework framework) {
    return framework.has(FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT)
        ? Resources.Format.POST_REFINEMENT
        : Resources.Format.PRE_REFINEMENT;
  }

  static URL url(Agent agent) {
    Address.Builder address =
        Address.newBuilder()
            .setHostname(agent.info().getHostname())
            .setPort(agent.info().getPort());
    if (IPV4.matcher(agent.info().getHostname()).matches()) {
      address.setIp(agent.info().getHostname());
    }
    return URL.newBuilder().setScheme("http").setAddress(address).setPath("/slave(1)").build();
  }
}
