package io.quorate.master.decide.operator;

import io.quorate.master.state.id.AgentId;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.Offer.Operation;
import io.quorate.protocol.v1.master.Call;

/**
 * What an operator asks for on one agent's resources, as the operation that a framework would ask
 * for in an ACCEPT (Mesos 6.1).
 */
record OperatorOperation(AgentId agent, Operation operation) {

  static OperatorOperation of(Call.ReserveResources call) {
    return on(
        call.getAgentId(),
        Operation.newBuilder()
            .setType(Operation.Type.RESERVE)
            .setReserve(
                Operation.Reserve.newBuilder()
                    .addAllSource(call.getSourceList())
                    .addAllResources(call.getResourcesList())));
  }

  static OperatorOperation of(Call.UnreserveResources call) {
    return on(
        call.getAgentId(),
        Operation.newBuilder()
            .setType(Operation.Type.UNRESERVE)
            .setUnreserve(
                Operation.Unreserve.newBuilder().addAllResources(call.getResourcesList())));
  }

  static OperatorOperation of(Call.CreateVolumes call) {
    return on(
        call.getAgentId(),
        Operation.newBuilder()
            .setType(Operation.Type.CREATE)
            .setCreate(Operation.Create.newBuilder().addAllVolumes(call.getVolumesList())));
  }

  static OperatorOperation of(Call.DestroyVolumes call) {
    return on(
        call.getAgentId(),
        Operation.newBuilder()
            .setType(Operation.Type.DESTROY)
            .setDestroy(Operation.Destroy.newBuilder().addAllVolumes(call.getVolumesList())));
  }

  static OperatorOperation of(Call.GrowVolume call) {
    return on(
        call.getAgentId(),
        Operation.newBuilder()
            .setType(Operation.Type.GROW_VOLUME)
            .setGrowVolume(
                Operation.GrowVolume.newBuilder()
                    .setVolume(call.getVolume())
                    .setAddition(call.getAddition())));
  }

  static OperatorOperation of(Call.ShrinkVolume call) {
    return on(
        call.getAgentId(),
        Operation.newBuilder()
            .setType(Operation.Type.SHRINK_VOLUME)
            .setShrinkVolume(
                Operation.ShrinkVolume.newBuilder()
                    .setVolume(call.getVolume())
                    .setSubtract(call.getSubtract())));
  }

  private static OperatorOperation on(AgentID agent, Operation.Builder operation) {
    return new OperatorOperation(new AgentId(agent.getValue()), operation.build());
  }
}
