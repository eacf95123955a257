package io.quorate.agent.check;

import io.quorate.protocol.v1.CheckInfo;
import io.quorate.protocol.v1.HealthCheck;

/** Makes probes of what a task describes. */
public interface Probes {
  Probe of(HealthCheck check, Target target);

  Probe of(CheckInfo check, Target target);
}
