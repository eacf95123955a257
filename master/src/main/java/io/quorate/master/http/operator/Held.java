package io.quorate.master.http.operator;

import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.resources.Resources;

/** What is in use of an agent and what is on offer, with the roles that hold it. */
public final class Held {
  private Held() {}

  /** By tasks and executors. */
  public static Resources used(MasterState state, Agent agent) {
    Resources used = Resources.EMPTY;
    for (TaskKey key : state.tasksOn(agent.id())) {
      Task task = state.tasks().get(key);
      if (task.holding()) {
        used = used.plus(task.resources().allocatedTo(task.role()));
      }
    }
    for (ExecutorKey key : state.executorsOn(agent.id())) {
      Executor executor = state.executors().get(key);
      used = used.plus(executor.resources().allocatedTo(executor.role()));
    }
    return used;
  }

  public static Resources offered(MasterState state, Agent agent) {
    Resources offered = Resources.EMPTY;
    for (OfferId id : state.offersOn(agent.id())) {
      Offer offer = state.offers().get(id);
      offered = offered.plus(offer.resources().allocatedTo(offer.role()));
    }
    return offered;
  }
}
