package io.quorate.driver.mesos.scheduler;

import io.quorate.driver.mesos.wire.WireFields;

/** The numbers of a status that says that a task was lost before any master saw it. */
final class TaskLoss {
  static final int SOURCE_MASTER = 0;
  static final int REASON_MASTER_DISCONNECTED = 7;
  private static final int TASK_LOST = 5;
  private static final int TASK_DROPPED = 9;
  private static final int CAPABILITIES = 10;
  private static final int PARTITION_AWARE = 5;

  private TaskLoss() {}

  /** TASK_DROPPED for a framework that knows it, TASK_LOST for any other. */
  static int state(byte[] framework) {
    for (byte[] capability : WireFields.parse(framework).all(CAPABILITIES)) {
      if (WireFields.parse(capability).number(1, 0) == PARTITION_AWARE) {
        return TASK_DROPPED;
      }
    }
    return TASK_LOST;
  }
}
