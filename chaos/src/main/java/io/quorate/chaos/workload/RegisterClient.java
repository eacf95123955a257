package io.quorate.chaos.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.history.Json;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Writes and reads registers: the weights of a few roles. Each write has a value of its own. */
@Command(name = "register")
public final class RegisterClient extends OperatorClient {
  private static final int REGISTERS = 5;

  private final AtomicInteger lastValue = new AtomicInteger();

  public static void main(String[] args) {
    System.exit(new CommandLine(new RegisterClient()).execute(args));
  }

  @Override
  void operate(Choice choice) {
    String register = "r" + choice.number() / 2 % REGISTERS;
    if (choice.number() % 2 == 0) {
      write(choice.master(), register);
    } else {
      read(choice.master(), register);
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
    OperatorApi.Answer answer = operator.read(master, "/weights");
    JsonNode value = Json.NULL;
    for (JsonNode node : answer.body()) {
      if (node.path("role").asText().equals(register)) {
        value = Json.MAPPER.getNodeFactory().numberNode((int) node.path("weight").asDouble());
      }
    }
    complete(id, "read", register, value, answer);
  }
}
