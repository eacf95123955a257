package io.quorate.agent.check;

import io.quorate.protocol.v1.CheckInfo;
import io.quorate.protocol.v1.HealthCheck;

/** Makes probes of the checks that a task describes (Mesos 4.13). */
public interface Probes {
  /** Makes the probe of a health check. */
  Probe of(HealthCheck check, Target target);

  /** Makes the probe of a check. */
  Probe of(CheckInfo check, Target target);
}
