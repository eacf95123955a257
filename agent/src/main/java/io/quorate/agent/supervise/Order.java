package io.quorate.agent.supervise;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What a supervisor is to do, in the form that the comment at the top of {@code
 * quorate-supervisor.c} describes. It is built by one thread.
 */
public final class Order {
  private final ByteArrayOutputStream fields = new ByteArrayOutputStream();

  private Order() {}

  /**
   * Begins an order.
   *
   * @param program what is executed: a path, or a name that is looked up in the PATH of the
   *     environment
   * @param arguments argv, with argv[0]; at least one
   * @param folder the working folder
   * @param rights whose rights it runs with
   * @param environment all the variables that it has
   */
  public static Order of(
      String program,
      List<String> arguments,
      Path folder,
      Rights rights,
      Map<String, String> environment) {
    Order order = new Order();
    order.add("program", program);
    arguments.forEach(argument -> order.add("arg", argument));
    order.add("folder", folder.toString());
    if (!rights.own()) {
      order.add("uid", Long.toString(rights.uid()));
      order.add("gid", Long.toString(rights.gid()));
      rights.groups().forEach(group -> order.add("group", Long.toString(group)));
    }
    environment.forEach((name, value) -> order.add("env", name + "=" + value));
    return order;
  }

  /** Its pid is written to these files before it has the user's rights. */
  public Order enter(List<Path> cgroups) {
    cgroups.forEach(file -> add("cgroup", file.toString()));
    return this;
  }

  /** It ends after this time, counted from its start, with all that it started. */
  public Order limit(Duration time) {
    return add("limit", Long.toString(time.toMillis()));
  }

  /** It is a task, which has its marks in this folder. */
  Order marks(Path folder) {
    return add("marks", folder.toString());
  }

  /** Its standard input is what follows the order. */
  Order restIsInput() {
    return add("input", "rest");
  }

  private Order add(String name, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    fields.writeBytes((name + " " + bytes.length + "\n").getBytes(StandardCharsets.US_ASCII));
    fields.writeBytes(bytes);
    fields.write('\n');
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(("QUORATE1 " + fields.size() + "\n").getBytes(StandardCharsets.US_ASCII));
    all.writeBytes(fields.toByteArray());
    return all.toByteArray();
  }
}
