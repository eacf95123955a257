package io.quorate.chaos.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.history.Op;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Writes and reads registers: the weights of a few roles. Each write has a value of its own. Asks
 * any master, and has several operations in flight.
 */
@Command(name = "register")
public final class RegisterClient extends Client {
  private static final int REGISTERS = 5;
  private static final int IN_FLIGHT_MAX = 4;

  private final Operator operator = new Operator();
  private final ExecutorService threads = Executors.newFixedThreadPool(IN_FLIGHT_MAX);
  private final Semaphore free = new Semaphore(IN_FLIGHT_MAX);
  private final AtomicInteger lastValue = new AtomicInteger();
  private SplittableRandom random;
  private Rate due;

  public static void main(String[] args) {
    System.exit(new CommandLine(new RegisterClient()).execute(args));
  }

  @Override
  void begin() {
    random = new SplittableRandom(seed);
    due = new Rate(rate, System.nanoTime());
  }

  @Override
  void tick(Phase phase) {
    while (phase == Phase.WORK && free.tryAcquire()) {
      if (due.take(1, System.nanoTime()) == 0) {
        free.release();
        return;
      }
      String register = "r" + random.nextInt(REGISTERS);
      String master = masters.get(random.nextInt(masters.size()));
      boolean writes = random.nextBoolean();
      threads.execute(
          () -> {
            try {
              if (writes) {
                write(master, register);
              } else {
                read(master, register);
              }
            } finally {
              free.release();
            }
          });
    }
  }

  private void write(String master, String register) {
    int value = number * 1_000_000 + lastValue.incrementAndGet();
    ObjectNode call = Json.object().put("type", "UPDATE_WEIGHTS");
    call.putObject("update_weights")
        .putArray("weight_infos")
        .addObject()
        .put("role", register)
        .put("weight", value);
    JsonNode written = Json.MAPPER.getNodeFactory().numberNode(value);
    long id = recorder.invoke("write", register, written);
    complete(id, "write", register, written, operator.order(master, call));
  }

  private void read(String master, String register) {
    long id = recorder.invoke("read", register, Json.NULL);
    Operator.Answer answer = operator.read(master, Json.object().put("type", "GET_WEIGHTS"));
    JsonNode value = Json.NULL;
    for (JsonNode each : answer.body().at("/get_weights/weight_infos")) {
      if (each.path("role").asText().equals(register)) {
        value = Json.MAPPER.getNodeFactory().numberNode((int) each.path("weight").asDouble());
      }
    }
    complete(id, "read", register, value, answer);
  }

  private void complete(long id, String f, String key, JsonNode value, Operator.Answer answer) {
    recorder.complete(
        id,
        switch (answer.outcome()) {
          case OK -> Op.Type.OK;
          case FAIL -> Op.Type.FAIL;
          case INFO -> Op.Type.INFO;
        },
        f,
        key,
        value,
        answer.why());
  }

  @Override
  boolean isDone() {
    return free.availablePermits() == IN_FLIGHT_MAX;
  }

  @Override
  void end() {
    threads.shutdown();
  }
}
