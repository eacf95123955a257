package io.quorate.agent.task;

import io.quorate.protocol.v1.Resource;
import java.io.IOException;

/** The persistent volumes of this machine (Mesos 3.6). */
public interface VolumeMounts {
  /** Makes one, if it is not there. */
  void create(Resource volume) throws IOException;

  /** Removes one with all that is in it, if it is there. */
  void destroy(Resource volume) throws IOException;
}
