package io.quorate.master.state;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.master.apply.Apply;
import io.quorate.master.event.AgentRegistered;
import io.quorate.master.event.Event;
import io.quorate.master.event.FrameworkSubscribed;
import io.quorate.master.event.LeaderElected;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.MasterInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Makes states that a log can hold, and such as no release should ever have made: a cluster of some
 * agents and frameworks to which events of all kinds happened in any order, and of whose rows some
 * are lost. The same seed makes the same states.
 */
public final class ArbitraryStates {
  private static final int EVENTS_MAX = 80;
  private static final int AGENTS = 3;
  private static final int FRAMEWORKS = 3;
  private static final long SECOND = 1_000_000_000L;

  private final Random random;
  private final ArbitraryMessages messages;
  private StoredRows rows = new StoredRows();
  private MasterState state = MasterState.EMPTY;

  /** Begins with a cluster of three agents and three frameworks. */
  public ArbitraryStates(long seed) {
    random = new Random(seed);
    messages = new ArbitraryMessages(random);
    beginning().forEach(this::happens);
  }

  /** What happens first: a leader, three agents and three frameworks. */
  static List<Event> beginning() {
    List<Event> events = new ArrayList<>();
    events.add(leader());
    for (int number = 0; number < AGENTS; number++) {
      events.add(agent(number));
    }
    for (int number = 0; number < FRAMEWORKS; number++) {
      events.add(framework(number));
    }
    return events;
  }

  /** A state of a cluster to which much has happened; every other one lost some of its rows. */
  public static MasterState of(long seed) {
    ArbitraryStates states = new ArbitraryStates(seed);
    states.live();
    if (seed % 2 == 0) {
      states.damage();
      states.live();
    }
    return states.state();
  }

  /** The state now. Nothing is touched in it. */
  public MasterState state() {
    return state;
  }

  /** The state that its rows give. */
  public MasterState restored() {
    return rows.restore();
  }

  /** Makes messages of any kind by the same chance. */
  public ArbitraryMessages messages() {
    return messages;
  }

  /** Lets many events of all kinds happen. */
  public void live() {
    int events = random.nextInt(EVENTS_MAX);
    for (int number = 0; number < events; number++) {
      happens(event());
    }
  }

  /** Loses some rows; the state is what the others give. */
  public void damage() {
    rows.damage(random);
    state = rows.restore();
  }

  /** Lets an event happen, and stores what it changed. */
  public void happens(Event event) {
    state = rows.store(Apply.apply(state.at(state.cluster().timeNanos() + SECOND), event));
  }

  /** Any event that a log can hold and this release knows. */
  public Event event() {
    while (true) {
      Event.Builder event = Event.newBuilder();
      Optional<Event> parsed = parsed(messages.<Event>fill(event).toByteArray());
      if (parsed.isPresent() && parsed.get().getWhatCase() != Event.WhatCase.WHAT_NOT_SET) {
        return parsed.get();
      }
    }
  }

  /** An entry that lacks a field which Mesos requires cannot be read, so no log holds it. */
  private static Optional<Event> parsed(byte[] bytes) {
    try {
      return Optional.of(Event.parseFrom(bytes));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static Event leader() {
    return Event.newBuilder()
        .setLeaderElected(
            LeaderElected.newBuilder()
                .setTerm(1)
                .setMasterInfo(MasterInfo.newBuilder().setId("m").setIp(1).setPort(5050))
                .setClusterId("c"))
        .build();
  }

  private static Event agent(int number) {
    return Event.newBuilder()
        .setAgentRegistered(
            AgentRegistered.newBuilder()
                .setAgentId("c-S" + number)
                .setAgentInfo(
                    AgentInfo.newBuilder()
                        .setHostname("h" + number)
                        .addAllResources(
                            ResourceText.parse("cpus:8;mem:1024;ports:[31000-31010];disks:{sd0}")))
                .setRegistrationId("r" + number)
                .setLinkId("l" + number)
                .setVersion("1"))
        .build();
  }

  private static Event framework(int number) {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setUser("u")
            .setName("f")
            .setId(FrameworkID.newBuilder().setValue("c-000" + number))
            .addRoles("a")
            .addRoles("r");
    info.addCapabilitiesBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE);
    return Event.newBuilder()
        .setFrameworkSubscribed(
            FrameworkSubscribed.newBuilder()
                .setFrameworkId("c-000" + number)
                .setFrameworkInfo(info)
                .setStreamId("s" + number))
        .build();
  }
}
