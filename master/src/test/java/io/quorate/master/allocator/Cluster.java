package io.quorate.master.allocator;

import io.quorate.master.event.ProposedOffer;
import io.quorate.master.state.Changes;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Timer;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.quota.QuotaConfig;
import java.util.ArrayList;
import java.util.List;

/** A state made by transitions, for benchmarks: what the log would cost is not in it. */
final class Cluster {
  private static final long SECOND = 1_000_000_000L;
  private static final long REFUSED = 5 * SECOND;
  private static final long REMEMBERED = 120 * SECOND;

  private final Resources perAgent;
  private MasterState state;
  private Changes changes = Changes.everything();
  private final List<AgentId> agents = new ArrayList<>();

  Cluster(String resources) {
    this.perAgent = Resources.of(ResourceText.parse(resources));
    this.state =
        MasterState.EMPTY
            .at(SECOND)
            .led(
                "c",
                1,
                io.quorate.protocol.v1.MasterInfo.newBuilder()
                    .setId("m")
                    .setIp(1)
                    .setPort(1)
                    .build());
  }

  MasterState state() {
    return state;
  }

  /** Those since the last time. */
  Changes takeChanges() {
    Changes taken = changes;
    changes = new Changes();
    return taken;
  }

  private void settle() {
    changes.add(Changes.of(state));
    state = state.settled();
  }

  void agents(int count) {
    for (int i = 0; i < count; i++) {
      addAgent();
    }
    settle();
  }

  AgentId addAgent() {
    AgentId id = state.cluster().mintAgent();
    AgentInfo info =
        AgentInfo.newBuilder().setHostname(id.value()).addAllResources(perAgent.toProtos()).build();
    state =
        state
            .registered(id, info, "r" + id)
            .linked(id, info, perAgent, new Agent.Link("l" + id, "127.0.0.1", "1", List.of()));
    agents.add(id);
    settle();
    return id;
  }

  void removeAgent(AgentId id) {
    state = state.unreachable(id, 1).removed(id);
    settle();
  }

  /** Each in a role of its own, or in one that all have. */
  void frameworks(int count, boolean ownRoles) {
    for (int i = 0; i < count; i++) {
      FrameworkId id = state.cluster().mintFramework();
      FrameworkInfo.Builder info =
          FrameworkInfo.newBuilder()
              .setUser("u")
              .setName("f" + i)
              .addRoles(ownRoles ? "r" + i : "r");
      info.addCapabilitiesBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE);
      state = state.subscribed(id, info.build(), "s" + i, Framework.Wishes.NONE);
    }
    settle();
  }

  /** For each of so many roles, a guarantee and a limit. */
  void quotas(int count, double cpus, double mem) {
    Value.Scalar.Builder some = Value.Scalar.newBuilder();
    for (int i = 0; i < count; i++) {
      QuotaConfig.Builder quota = QuotaConfig.newBuilder().setRole("r" + i);
      quota.putGuarantees("cpus", some.setValue(cpus).build());
      quota.putLimits("cpus", some.build());
      quota.putGuarantees("mem", some.setValue(mem).build());
      quota.putLimits("mem", some.build());
      state = state.with(quota.build());
    }
    settle();
  }

  /** A second later all offers were made and declined for 5 s. */
  void decline(List<ProposedOffer> offers) {
    state = state.at(state.cluster().timeNanos() + SECOND);
    List<Timer> due = new ArrayList<>();
    for (Timer timer : state.timers()) {
      if (timer.deadlineNanos() > state.cluster().timeNanos()) {
        break;
      }
      due.add(timer);
    }
    due.stream()
        .filter(timer -> timer.subject() == Timer.Subject.FILTER)
        .forEach(timer -> state = state.unfiltered(timer.filter()));
    for (ProposedOffer proposed : offers) {
      decline(proposed);
    }
    settle();
  }

  private void decline(ProposedOffer proposed) {
    FrameworkId framework = new FrameworkId(proposed.getFrameworkId());
    AgentId agent = new AgentId(proposed.getAgentId());
    long now = state.cluster().timeNanos();
    for (Filter filter : state.filtersOf(framework, proposed.getRole(), agent)) {
      if (!filter.refuses(now)) {
        state = state.unfiltered(filter.key());
      }
    }
    OfferId id = state.cluster().mintOffer();
    Resources resources = Resources.of(proposed.getResourcesList());
    FilterKey key =
        new FilterKey(framework, proposed.getRole(), agent, state.cluster().nextFilter());
    state =
        state
            .offered(new Offer(id, framework, agent, proposed.getRole(), resources, 0))
            .withdrawn(id)
            .filtered(new Filter(key, resources, now + REFUSED, now + REFUSED + REMEMBERED));
  }

  /** One agent is taken away from what is offered, and given back. */
  void touch(int agent) {
    OfferId id = state.cluster().mintOffer();
    FrameworkId framework = state.frameworks().values().iterator().next().id();
    AgentId on = agents.get(agent);
    state = state.offered(new Offer(id, framework, on, "r", perAgent, 0)).withdrawn(id);
    settle();
  }
}
