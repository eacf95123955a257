package io.quorate.chaos.simulate;

import com.google.protobuf.ByteString;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.UUID;
import java.util.List;
import java.util.TreeMap;

/** The operations that a simulated agent did and whose end it still tells. */
final class SimulatedOperations {
  private final World world;
  private final SimulatedAgent.Caller caller;
  private final TreeMap<String, Told> told = new TreeMap<>();

  private record Told(ByteString operation, OperationStatus status) {}

  SimulatedOperations(World world, SimulatedAgent.Caller caller) {
    this.world = world;
    this.caller = caller;
  }

  void clear() {
    told.clear();
  }

  void apply(Command.ApplyOperation command) {
    OperationStatus.Builder status =
        OperationStatus.newBuilder()
            .setState(OperationState.OPERATION_FINISHED)
            .setUuid(UUID.newBuilder().setValue(SimulatedAgent.uuid(world)));
    Told next = new Told(command.getOperationUuid(), status.build());
    told.put(key(command.getOperationUuid()), next);
    world.after(world.between(World.MILLI, World.SECOND), () -> send(next));
  }

  private static String key(ByteString uuid) {
    return java.util.HexFormat.of().formatHex(uuid.toByteArray());
  }

  void sendAll() {
    List.copyOf(told.values()).forEach(this::send);
  }

  private void send(Told each) {
    if (told.get(key(each.operation)) != each) {
      return;
    }
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.OPERATION_UPDATE);
    call.getOperationUpdateBuilder().setOperationUuid(each.operation).setStatus(each.status);
    caller.call(call, () -> {});
    world.after(10 * World.SECOND, () -> send(each));
  }

  void acknowledged(Command.AcknowledgeOperation command) {
    told.remove(key(command.getOperationUuid()));
  }
}
