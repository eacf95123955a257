package io.quorate.master.state.entity;

import com.google.protobuf.ByteString;
import io.quorate.master.state.id.AgentId;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
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
 * @param holdings what is taken of its resources. It is derived from the tables, and not stored
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
    Holdings holdings) {

  /**
   * How it is connected.
   *
   * @param id empty while there is no link
   * @param address where it called from, an IP address
   * @param key its public key, which every link is signed by; empty if it never had one
   */
  public record Link(
      String id,
      String address,
      String version,
      List<AgentInfo.Capability> capabilities,
      ByteString key) {
    public Link {
      capabilities = List.copyOf(capabilities);
    }

    private Link down() {
      return new Link("", address, version, capabilities, key);
    }

    private Link after(Link before) {
      return key.isEmpty() ? new Link(id, address, version, capabilities, before.key) : this;
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

  /**
   * What is taken of an agent's resources.
   *
   * <p>Sums unite ranges and sets: a port that two tasks hold is in the sum once, and taking one
   * task's share away would free the port under the other. Such a state should not be, but a log
   * may hold it. {@code overlapping} says that it is so; then the sums must be made anew from what
   * is left rather than by subtraction.
   *
   * @param used what tasks, executors and operations hold
   * @param offered what outstanding offers hold
   * @param overlapping whether two of the holders hold the same port or the same item of a set
   */
  public record Holdings(Resources used, Resources offered, boolean overlapping) {
    /** Nothing is taken. */
    public static final Holdings NONE = new Holdings(Resources.EMPTY, Resources.EMPTY, false);

    /** Counts in what a task, an executor or an operation holds. */
    public Holdings using(Resources more) {
      return new Holdings(used.plus(more), offered, overlapping || overlap(used, more));
    }

    /** Counts out what a task, an executor or an operation held; see {@link #overlapping}. */
    public Holdings freeing(Resources less) {
      return new Holdings(used.minusPresent(less), offered, overlapping);
    }

    /** Counts in what an offer holds. */
    public Holdings offering(Resources more) {
      return new Holdings(used, offered.plus(more), overlapping || overlap(offered, more));
    }

    /** Counts out what an offer held; see {@link #overlapping}. */
    public Holdings recovering(Resources less) {
      return new Holdings(used, offered.minusPresent(less), overlapping);
    }

    private static boolean overlap(Resources held, Resources more) {
      Resources once = more.filter(Holdings::existsOnce);
      if (once.isEmpty() || held.isEmpty()) {
        return false;
      }
      Resources heldOnce = held.filter(Holdings::existsOnce);
      return !heldOnce.plus(once).minusPresent(once).equals(heldOnce);
    }

    private static boolean existsOnce(Resource resource) {
      return resource.getType() != Value.Type.SCALAR;
    }
  }

  /** A new agent, before its link is up. */
  public static Agent registered(AgentId id, AgentInfo info, String registrationId, long now) {
    return new Agent(
        id,
        info,
        Resources.countable(info.getResourcesList()),
        registrationId,
        new Link("", "", "", List.of(), ByteString.EMPTY),
        new Commands(0, 0),
        Service.NORMAL,
        new Times(now, now, 0, 0),
        Holdings.NONE);
  }

  /** One that is not known yet, with what it says of itself and where it calls from. */
  public static Agent asking(AgentInfo info, String address) {
    Agent agent = registered(new AgentId(""), info, "", 0);
    return agent.with(
        new Link("", address, "", List.of(), ByteString.EMPTY),
        agent.commands,
        agent.service,
        agent.times);
  }

  /** The link attached to it; empty while it has none. */
  public String linkId() {
    return link.id();
  }

  /** Its public key; empty if it never had one. */
  public ByteString key() {
    return link.key();
  }

  /** The release that it runs, as it says itself. */
  public String version() {
    return link.version();
  }

  /** What it announced with its link. */
  public List<AgentInfo.Capability> capabilities() {
    return link.capabilities();
  }

  /** Whether it announced this capability. */
  public boolean has(AgentInfo.Capability.Type capability) {
    for (AgentInfo.Capability announced : link.capabilities()) {
      if (announced.getType() == capability) {
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

  /** When it registered first, in nanoseconds since the epoch. */
  public long registeredNanos() {
    return times.registered();
  }

  /** When its link came up last, in nanoseconds since the epoch. */
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

  /** What its tasks, executors and operations hold. */
  public Resources used() {
    return holdings.used();
  }

  /** What its outstanding offers hold. */
  public Resources offered() {
    return holdings.offered();
  }

  /**
   * What neither a task nor an offer holds; shared volumes are always there. It is empty if the
   * agent shrank below what is in use.
   */
  public Resources free() {
    if (used().isEmpty() && offered().isEmpty()) {
      return total;
    }
    Resources taken = used().plus(offered()).filter(resource -> !resource.hasShared());
    return total.contains(taken) ? total.minus(taken) : Resources.EMPTY;
  }

  /** Its link is up: it says anew what it is and what it has. */
  public Agent linked(AgentInfo newInfo, Resources newTotal, Link newLink, long now) {
    return new Agent(
        id,
        newInfo,
        newTotal,
        registrationId,
        newLink.after(link),
        commands,
        service,
        new Times(times.registered(), now, 0, 0),
        holdings);
  }

  /** Its link is down. */
  public Agent unlinked() {
    return with(link.down(), commands, service, times);
  }

  /**
   * It counts as unreachable from now on.
   *
   * @param forget when it is forgotten, nanoseconds since the epoch
   */
  public Agent lost(long now, long forget) {
    Times lost = new Times(times.registered(), times.reregistered(), now, forget);
    return with(link.down(), commands, service, lost);
  }

  /** One more command is made for it. */
  public Agent commanded() {
    return with(link, new Commands(commands.last() + 1, commands.done()), service, times);
  }

  /** It carried out its commands up to this number. */
  public Agent done(long number) {
    return with(link, new Commands(commands.last(), number), service, times);
  }

  /** It takes new work, or does not. */
  public Agent serving(Service next) {
    return with(link, commands, next, times);
  }

  /**
   * Some of its resources became others. Where it does not have what was consumed, as after it came
   * back with fewer resources, nothing is converted.
   */
  public Agent converted(Resources consumed, Resources converted) {
    return total.contains(consumed) ? with(total.minus(consumed).plus(converted), holdings) : this;
  }

  /** With this in place of what was taken of its resources. */
  public Agent holding(Holdings next) {
    return with(total, next);
  }

  private Agent with(Resources all, Holdings taken) {
    return new Agent(id, info, all, registrationId, link, commands, service, times, taken);
  }

  private Agent with(Link newLink, Commands newCommands, Service newService, Times newTimes) {
    return new Agent(
        id, info, total, registrationId, newLink, newCommands, newService, newTimes, holdings);
  }
}
