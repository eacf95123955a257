package io.quorate.driver.mesos.scheduler;

import io.quorate.driver.mesos.wire.WireFields;
import io.quorate.driver.mesos.wire.WireWriter;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The calls of the v1 scheduler API as bytes. The numbers are those of {@code
 * mesos.v1.scheduler.Call}; the messages of v0 have the same numbers under other names. A test
 * reads every call with the messages of {@code protocol/}.
 */
public final class SchedulerCalls {
  static final int SUBSCRIBE = 1;
  static final int TEARDOWN = 2;
  static final int ACCEPT = 3;
  static final int DECLINE = 4;
  static final int REVIVE = 5;
  static final int KILL = 6;
  static final int ACKNOWLEDGE = 8;
  static final int RECONCILE = 9;
  static final int MESSAGE = 10;
  static final int REQUEST = 11;
  static final int SUPPRESS = 12;
  static final int UPDATE_FRAMEWORK = 17;

  static final int FRAMEWORK_ID = 3;
  static final int STATUS_TASK_ID = 1;
  static final int STATUS_AGENT_ID = 5;
  static final int STATUS_UUID = 11;
  private static final int TASK_EXECUTOR = 5;
  private static final int EXECUTOR_FRAMEWORK_ID = 8;

  private SchedulerCalls() {}

  private static byte[] call(byte[] frameworkId, int type, int field, WireWriter body) {
    return new WireWriter().bytes(1, frameworkId).number(2, type).message(field, body).toBytes();
  }

  /** SUBSCRIBE; the framework's id is in its description if it has one. */
  public static byte[] subscribe(
      byte[] framework, Collection<String> suppressed, Optional<byte[]> constraints) {
    WireWriter call = new WireWriter();
    WireFields.parse(framework).bytes(FRAMEWORK_ID).ifPresent(id -> call.bytes(1, id));
    return call.number(2, SUBSCRIBE)
        .message(3, withRoles(new WireWriter().bytes(1, framework), suppressed, constraints))
        .toBytes();
  }

  private static WireWriter withRoles(
      WireWriter body, Collection<String> suppressed, Optional<byte[]> constraints) {
    suppressed.forEach(role -> body.text(2, role));
    constraints.ifPresent(value -> body.bytes(3, value));
    return body;
  }

  static byte[] teardown(byte[] framework) {
    return new WireWriter().bytes(1, framework).number(2, TEARDOWN).toBytes();
  }

  static byte[] accept(
      byte[] framework, List<byte[]> offers, List<byte[]> operations, Optional<byte[]> filters) {
    WireWriter body = new WireWriter().all(1, offers).all(2, operations);
    filters.ifPresent(value -> body.bytes(3, value));
    return call(framework, ACCEPT, 4, body);
  }

  /** The operation that launches tasks. */
  static byte[] launch(byte[] framework, List<byte[]> tasks) {
    WireWriter launch = new WireWriter();
    for (byte[] task : tasks) {
      launch.bytes(1, ofFramework(framework, task));
    }
    return new WireWriter().number(1, 1).message(2, launch).toBytes();
  }

  /** The tasks of an operation that launches; none for any other. */
  static List<byte[]> tasks(byte[] operation) {
    WireFields fields = WireFields.parse(operation);
    return fields.number(1, 0) == 1 ? fields.message(2).all(1) : Collections.emptyList();
  }

  /** Whether the operation asks for feedback, which the v0 API cannot give. */
  static boolean hasId(byte[] operation) {
    return WireFields.parse(operation).has(12);
  }

  /** As the driver of Mesos does: the executor of a task is this framework's. */
  static byte[] ofFramework(byte[] framework, byte[] task) {
    if (!WireFields.parse(task).has(TASK_EXECUTOR)) {
      return task;
    }
    return new WireWriter()
        .fields(task)
        .message(TASK_EXECUTOR, new WireWriter().bytes(EXECUTOR_FRAMEWORK_ID, framework))
        .toBytes();
  }

  static byte[] decline(byte[] framework, byte[] offer, Optional<byte[]> filters) {
    WireWriter body = new WireWriter().bytes(1, offer);
    filters.ifPresent(value -> body.bytes(2, value));
    return call(framework, DECLINE, 5, body);
  }

  static byte[] revive(byte[] framework, Collection<String> roles) {
    WireWriter body = new WireWriter();
    roles.forEach(role -> body.text(1, role));
    return call(framework, REVIVE, 15, body);
  }

  static byte[] suppress(byte[] framework, Collection<String> roles) {
    WireWriter body = new WireWriter();
    roles.forEach(role -> body.text(1, role));
    return call(framework, SUPPRESS, 16, body);
  }

  static byte[] kill(byte[] framework, byte[] task) {
    return call(framework, KILL, 6, new WireWriter().bytes(1, task));
  }

  /** Empty if the status need not be acknowledged. */
  static Optional<byte[]> acknowledge(byte[] framework, byte[] status) {
    WireFields fields = WireFields.parse(status);
    Optional<byte[]> uuid = fields.bytes(STATUS_UUID).filter(bytes -> bytes.length > 0);
    if (!uuid.isPresent() || !fields.has(STATUS_AGENT_ID)) {
      return Optional.empty();
    }
    WireWriter body =
        new WireWriter()
            .bytes(1, fields.bytes(STATUS_AGENT_ID).get())
            .bytes(2, fields.bytes(STATUS_TASK_ID).orElse(new byte[0]))
            .bytes(3, uuid.get());
    return Optional.of(call(framework, ACKNOWLEDGE, 8, body));
  }

  static byte[] reconcile(byte[] framework, List<byte[]> statuses) {
    WireWriter body = new WireWriter();
    for (byte[] status : statuses) {
      WireFields fields = WireFields.parse(status);
      WireWriter task = new WireWriter();
      task.bytes(1, fields.bytes(STATUS_TASK_ID).orElse(new byte[0]));
      fields.bytes(STATUS_AGENT_ID).ifPresent(agent -> task.bytes(2, agent));
      body.message(1, task);
    }
    return call(framework, RECONCILE, 9, body);
  }

  static byte[] message(byte[] framework, byte[] executor, byte[] agent, byte[] data) {
    return call(
        framework, MESSAGE, 10, new WireWriter().bytes(1, agent).bytes(2, executor).bytes(3, data));
  }

  static byte[] request(byte[] framework, List<byte[]> requests) {
    return call(framework, REQUEST, 11, new WireWriter().all(1, requests));
  }

  static byte[] updateFramework(
      byte[] id, byte[] framework, Collection<String> suppressed, Optional<byte[]> constraints) {
    return call(
        id,
        UPDATE_FRAMEWORK,
        19,
        withRoles(new WireWriter().bytes(1, framework), suppressed, constraints));
  }
}
