package io.quorate.master.decide;

import io.quorate.master.effect.Effect;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;

/** What the last call sent to the world. */
abstract class Told {
  private List<Effect> lastEffects = List.of();

  void tell(List<Effect> effects) {
    lastEffects = effects;
  }

  /** What the last call sent on a stream. */
  List<Event> told(String stream) {
    List<Event> events = new ArrayList<>();
    for (Effect effect : lastEffects) {
      if (effect instanceof Effect.ToScheduler to && to.streamId().equals(stream)) {
        events.add(to.event());
      }
    }
    return events;
  }

  /** What the last call sent on an agent's link. */
  List<AgentEvent> toldAgent(String link) {
    List<AgentEvent> events = new ArrayList<>();
    for (Effect effect : lastEffects) {
      if (effect instanceof Effect.ToAgent to && to.linkId().equals(link)) {
        events.add(to.event());
      }
    }
    return events;
  }

  List<Event.Type> toldTypes(String stream) {
    return told(stream).stream().map(Event::getType).toList();
  }

  /** The statuses that the last call sent on a stream. */
  List<TaskStatus> statuses(String stream) {
    return told(stream).stream()
        .filter(Event::hasUpdate)
        .map(event -> event.getUpdate().getStatus())
        .toList();
  }

  /** The statuses of operations that the last call sent on a stream. */
  List<OperationStatus> operationStatuses(String stream) {
    return told(stream).stream()
        .filter(Event::hasUpdateOperationStatus)
        .map(event -> event.getUpdateOperationStatus().getStatus())
        .toList();
  }

  boolean ended(String stream) {
    return lastEffects.contains(new Effect.EndStream(stream));
  }
}
