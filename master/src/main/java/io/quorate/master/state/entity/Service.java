package io.quorate.master.state.entity;

import io.quorate.protocol.v1.DrainConfig;
import io.quorate.protocol.v1.DrainInfo;
import io.quorate.protocol.v1.DrainState;
import java.util.Optional;

/**
 * Whether an agent may take new work (Mesos 4.3). Survives re-registration and fail-over (CP-286).
 *
 * @param deactivated it is not offered; its tasks go on
 * @param drain what it was asked to drain with, and how far it is; empty if it was not
 * @param drainStartedNanos when it was asked; 0 if it was not
 */
public record Service(boolean deactivated, Optional<DrainInfo> drain, long drainStartedNanos) {
  /** It is offered. */
  public static final Service NORMAL = new Service(false, Optional.empty(), 0);

  /** Its tasks are being ended. */
  public boolean draining() {
    return drain.isPresent() && drain.get().getState() == DrainState.DRAINING;
  }

  /** Not offered; what it drains, it goes on draining. */
  public Service deactivating() {
    return new Service(true, drain, drainStartedNanos);
  }

  /** It was asked now to end its tasks. */
  public static Service draining(DrainConfig config, long now) {
    DrainInfo info = DrainInfo.newBuilder().setState(DrainState.DRAINING).setConfig(config).build();
    return new Service(true, Optional.of(info), now);
  }

  /** All that it had to end is ended; what was not asked to drain stays as it is. */
  public Service drained() {
    return drain
        .map(info -> info.toBuilder().setState(DrainState.DRAINED).build())
        .map(done -> new Service(true, Optional.of(done), drainStartedNanos))
        .orElse(this);
  }
}
