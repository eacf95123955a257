package io.quorate.master.state.entity;

import io.quorate.master.state.id.AgentId;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentInfo;
import java.util.List;

/**
 * An agent that registered.
 *
 * @param info as sent last, its id set
 * @param total its resources as reservations and volumes made them, unallocated
 * @param registrationId what it called itself when it had no id yet
 * @param link the link attached to it
 * @param commands how far it is with what it was told to do
 * @param service whether it may take new work
 * @param times its life so far
 * @param used what tasks, executors and operations hold. Derived, not stored
 * @param offered what outstanding offers hold. Derived, not stored
 */
public record Agent(
    AgentId id,
    AgentInfo info,
    Resources total,
    String registrationId,
    Link link,
    Commands commands,
    Service service,
    Times times,
    Resources used,
    Resources offered) {

  /**
   * How it is connected.
   *
   * @param id empty while there is no link
   * @param address where it called from, an IP address
   */
  public record Link(
      String id, String address, String version, List<AgentInfo.Capability> capabilities) {
    public Link {
      capabilities = List.copyOf(capabilities);
    }

    private Link down() {
      return new Link("", address, version, capabilities);
    }
  }

  /**
   * Its commands count from 1, without gaps.
   *
   * @param last the number of the newest command made for it
   * @param done up to which number it is known to have carried them out
   */
  public record Commands(long last, long done) {}

  /**
   * In nanoseconds since the epoch.
   *
   * @param unreachable since when it counts as unreachable; 0 if not
   * @param forget when an unreachable agent is forgotten; 0 if it is not unreachable
   */
  public record Times(long registered, long reregistered, long unreachable, long forget) {}

  public static Agent registered(AgentId id, AgentInfo info, String registrationId, long now) {
    return new Agent(
        id,
        info,
        Resources.of(info.getResourcesList()),
        registrationId,
        new Link("", "", "", List.of()),
        new Commands(0, 0),
        Service.NORMAL,
        new Times(now, now, 0, 0),
        Resources.EMPTY,
        Resources.EMPTY);
  }

  /** One that is not known yet, with what it says of itself and where it calls from. */
  public static Agent asking(AgentInfo info, String address) {
    Agent agent = registered(new AgentId(""), info, "", 0);
    return agent.with(
        new Link("", address, "", List.of()), agent.commands, agent.service, agent.times);
  }

  /** The link attached to it; empty while it has none. */
  public String linkId() {
    return link.id();
  }

  public String version() {
    return link.version();
  }

  public List<AgentInfo.Capability> capabilities() {
    return link.capabilities();
  }

  /** Whether it announced this capability. */
  public boolean has(AgentInfo.Capability.Type capability) {
    for (AgentInfo.Capability each : link.capabilities()) {
      if (each.getType() == capability) {
        return true;
      }
    }
    return false;
  }

  /** The number of the newest command made for it. */
  public long lastCommand() {
    return commands.last();
  }

  /** Up to which number it is known to have carried its commands out. */
  public long commandsDone() {
    return commands.done();
  }

  public long registeredNanos() {
    return times.registered();
  }

  public long reregisteredNanos() {
    return times.reregistered();
  }

  /** Since when it counts as unreachable; 0 if not. */
  public long unreachableNanos() {
    return times.unreachable();
  }

  /** Whether its link is up. */
  public boolean connected() {
    return !linkId().isEmpty();
  }

  /** Whether it was given up; its tasks are unreachable. */
  public boolean unreachable() {
    return unreachableNanos() != 0;
  }

  /** Whether its free resources may be offered now. */
  public boolean offerable() {
    return connected() && !service.deactivated();
  }

  /**
   * What neither a task nor an offer holds; shared volumes are always there. Empty if the agent
   * shrank below what is in use.
   */
  public Resources free() {
    if (used.isEmpty() && offered.isEmpty()) {
      return total;
    }
    Resources taken = used.plus(offered).filter(each -> !each.hasShared());
    return total.contains(taken) ? total.minus(taken) : Resources.EMPTY;
  }

  public Agent linked(AgentInfo newInfo, Resources newTotal, Link newLink, long now) {
    return new Agent(
        id,
        newInfo,
        newTotal,
        registrationId,
        newLink,
        commands,
        service,
        new Times(times.registered(), now, 0, 0),
        used,
        offered);
  }

  public Agent unlinked() {
    return with(link.down(), commands, service, times);
  }

  public Agent lost(long now, long forget) {
    Times lost = new Times(times.registered(), times.reregistered(), now, forget);
    return with(link.down(), commands, service, lost);
  }

  public Agent commanded() {
    return with(link, new Commands(commands.last() + 1, commands.done()), service, times);
  }

  public Agent done(long number) {
    return with(link, new Commands(commands.last(), number), service, times);
  }

  public Agent serving(Service next) {
    return with(link, commands, next, times);
  }

  /** Some of its resources became others. */
  public Agent converted(Resources consumed, Resources converted) {
    return with(total.minus(consumed).plus(converted), used, offered);
  }

  public Agent using(Resources more) {
    return with(total, used.plus(more), offered);
  }

  public Agent freeing(Resources less) {
    return with(total, used.minus(less), offered);
  }

  public Agent offering(Resources more) {
    return with(total, used, offered.plus(more));
  }

  public Agent recovering(Resources less) {
    return with(total, used, offered.minus(less));
  }

  private Agent with(Resources all, Resources inUse, Resources onOffer) {
    return new Agent(id, info, all, registrationId, link, commands, service, times, inUse, onOffer);
  }

  private Agent with(Link newLink, Commands newCommands, Service newService, Times newTimes) {
    return new Agent(
        id, info, total, registrationId, newLink, newCommands, newService, newTimes, used, offered);
  }
}
