package io.quorate.master.state;

import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentInfo;
import java.util.List;

/**
 * An agent that registered.
 *
 * @param info as sent last, its id set
 * @param total its resources, unallocated
 * @param registrationId what it called itself when it had no id yet
 * @param linkId the link attached to it; empty while it has none
 * @param lastCommand the number of the newest command made for it
 * @param commandsDone up to which number it is known to have carried them out
 * @param unreachableNanos since when it counts as unreachable, nanoseconds since the epoch; 0 if
 *     not
 * @param used what tasks hold. Derived, not stored
 * @param offered what outstanding offers hold. Derived, not stored
 */
public record Agent(
    AgentId id,
    AgentInfo info,
    Resources total,
    String registrationId,
    String linkId,
    String version,
    List<AgentInfo.Capability> capabilities,
    long lastCommand,
    long commandsDone,
    long registeredNanos,
    long reregisteredNanos,
    long unreachableNanos,
    Resources used,
    Resources offered) {

  /** Whether its link is up. */
  public boolean connected() {
    return !linkId.isEmpty();
  }

  /** Whether it was given up; its tasks are unreachable. */
  public boolean unreachable() {
    return unreachableNanos != 0;
  }

  /** What neither a task nor an offer holds. Empty if the agent shrank below what is in use. */
  public Resources free() {
    Resources taken = used.plus(offered);
    return total.contains(taken) ? total.minus(taken) : Resources.EMPTY;
  }

  Agent linked(
      AgentInfo newInfo, String link, String newVersion, List<AgentInfo.Capability> can, long now) {
    return new Agent(
        id,
        newInfo,
        Resources.of(newInfo.getResourcesList()),
        registrationId,
        link,
        newVersion,
        List.copyOf(can),
        lastCommand,
        commandsDone,
        registeredNanos,
        now,
        0,
        used,
        offered);
  }

  Agent unlinked() {
    return with("", lastCommand, commandsDone, unreachableNanos, used, offered);
  }

  Agent lost(long now) {
    return with("", lastCommand, commandsDone, now, used, offered);
  }

  Agent commanded() {
    return with(linkId, lastCommand + 1, commandsDone, unreachableNanos, used, offered);
  }

  Agent done(long number) {
    return with(linkId, lastCommand, number, unreachableNanos, used, offered);
  }

  Agent using(Resources more) {
    return with(linkId, lastCommand, commandsDone, unreachableNanos, used.plus(more), offered);
  }

  Agent freeing(Resources less) {
    return with(linkId, lastCommand, commandsDone, unreachableNanos, used.minus(less), offered);
  }

  Agent offering(Resources more) {
    return with(linkId, lastCommand, commandsDone, unreachableNanos, used, offered.plus(more));
  }

  Agent recovering(Resources less) {
    return with(linkId, lastCommand, commandsDone, unreachableNanos, used, offered.minus(less));
  }

  private Agent with(
      String link, long last, long done, long lostNanos, Resources inUse, Resources onOffer) {
    return new Agent(
        id,
        info,
        total,
        registrationId,
        link,
        version,
        capabilities,
        last,
        done,
        registeredNanos,
        reregisteredNanos,
        lostNanos,
        inUse,
        onOffer);
  }
}
