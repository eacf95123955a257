package io.quorate.master.http.operator;

import io.quorate.master.http.access.Visibility;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Task;
import io.quorate.protocol.v1.TimeInfo;
import io.quorate.protocol.v1.master.Response;
import java.util.List;

/** The entities of a state as the operator API's reads and events show them (Mesos 6.1, 6.2). */
public final class EntityMessages {
  private final MasterState state;
  private final Visibility visible;

  /**
   * Shows the entities of a state.
   *
   * @param visible says which resources are left out
   */
  public EntityMessages(MasterState state, Visibility visible) {
    this.state = state;
    this.visible = visible;
  }

  /** An agent, with what is allocated and offered of it. */
  public Response.GetAgents.Agent agent(Agent agent) {
    Response.GetAgents.Agent.Builder shown =
        Response.GetAgents.Agent.newBuilder()
            .setAgentInfo(agent.info())
            .setActive(agent.offerable())
            .setDeactivated(agent.service().deactivated())
            .setVersion(agent.version())
            .setPid("slave(1)@" + agent.info().getHostname() + ":" + agent.info().getPort())
            .setRegisteredTime(time(agent.registeredNanos()))
            .setReregisteredTime(time(agent.reregisteredNanos()))
            .addAllTotalResources(visible.resources(shown(agent.total())))
            .addAllAllocatedResources(visible.resources(shown(Held.used(state, agent))))
            .addAllOfferedResources(visible.resources(shown(Held.offered(state, agent))))
            .addAllCapabilities(agent.capabilities());
    agent.service().drain().ifPresent(shown::setDrainInfo);
    if (agent.service().drainStartedNanos() != 0) {
      shown.setEstimatedDrainStartTime(time(agent.service().drainStartedNanos()));
    }
    return shown.build();
  }

  /** A framework that lives, or one that is over. */
  public Response.GetFrameworks.Framework framework(Framework framework) {
    Response.GetFrameworks.Framework.Builder shown =
        Response.GetFrameworks.Framework.newBuilder()
            .setFrameworkInfo(framework.info())
            .setActive(framework.connected())
            .setConnected(framework.connected())
            .setRecovered(framework.awaited())
            .setRegisteredTime(time(framework.registeredNanos()))
            .setReregisteredTime(time(framework.reregisteredNanos()))
            .setOfferConstraints(framework.constraints());
    if (framework.unregisteredNanos() != 0) {
      return shown.setUnregisteredTime(time(framework.unregisteredNanos())).build();
    }
    for (OfferId id : state.offersTo(framework.id())) {
      shown.addOffers(offer(state.offers().get(id)));
    }
    for (var task : state.tasksOf(framework.id())) {
      if (task.holding()) {
        shown.addAllAllocatedResources(shown(task.resources().allocatedTo(task.role())));
      }
    }
    return shown.build();
  }

  /** A task, with all its statuses that are kept. */
  public static Task task(io.quorate.master.state.entity.Task task) {
    var info = task.taskInfo();
    Task.Builder shown =
        Task.newBuilder()
            .setName(info.getName())
            .setTaskId(info.getTaskId())
            .setFrameworkId(FrameworkID.newBuilder().setValue(task.key().framework().value()))
            .setAgentId(info.getAgentId())
            .setState(task.state())
            .addAllResources(shown(task.resources().allocatedTo(task.role())))
            .addAllStatuses(task.statuses());
    if (info.hasExecutor()) {
      shown.setExecutorId(info.getExecutor().getExecutorId());
    }
    if (!task.statuses().isEmpty()) {
      shown.setStatusUpdateState(task.forwardedState());
      if (task.lastStatus().hasUuid()) {
        shown.setStatusUpdateUuid(task.lastStatus().getUuid());
      }
    }
    if (info.hasLabels()) {
      shown.setLabels(info.getLabels());
    }
    if (info.hasDiscovery()) {
      shown.setDiscovery(info.getDiscovery());
    }
    if (info.hasContainer()) {
      shown.setContainer(info.getContainer());
    }
    if (info.hasHealthCheck()) {
      shown.setHealthCheck(info.getHealthCheck());
    }
    if (info.hasKillPolicy()) {
      shown.setKillPolicy(info.getKillPolicy());
    }
    return shown.putAllLimits(info.getLimitsMap()).build();
  }

  private Offer offer(io.quorate.master.state.entity.Offer offer) {
    return Offer.newBuilder()
        .setId(io.quorate.protocol.v1.OfferID.newBuilder().setValue(offer.id().value()))
        .setFrameworkId(FrameworkID.newBuilder().setValue(offer.framework().value()))
        .setAgentId(AgentID.newBuilder().setValue(offer.agent().value()))
        .setHostname(state.agents().get(offer.agent()).info().getHostname())
        .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(offer.role()))
        .addAllResources(shown(offer.resources().allocatedTo(offer.role())))
        .build();
  }

  private static List<Resource> shown(Resources resources) {
    return resources.toProtos(Resources.Format.ENDPOINT);
  }

  private static TimeInfo time(long nanos) {
    return TimeInfo.newBuilder().setNanoseconds(nanos).build();
  }
}
