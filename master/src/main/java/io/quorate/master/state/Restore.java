package io.quorate.master.state;

import io.quorate.master.state.entity.Accept;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.CompletedFramework;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.GoneAgent;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.CompletedTaskKey;

/** Puts rows back, with what is derived from them. Frameworks and agents come before the rest. */
final class Restore {
  private Restore() {}

  static void framework(Parts parts, Framework framework) {
    parts.frameworks = parts.frameworks.with(framework.id(), framework);
    if (!framework.connected()) {
      parts.timers = parts.timers.plus(Timer.framework(framework.id(), framework.deadlineNanos()));
    }
  }

  static void agent(Parts parts, Agent agent) {
    parts.agents = parts.agents.with(agent.id(), agent);
    parts.reserve(null, agent);
    parts.registrations = parts.registrations.plus(agent.registrationId(), agent.id());
    if (agent.service().draining()) {
      parts.draining = parts.draining.plus(agent.id());
    }
    if (agent.unreachable()) {
      parts.timers = parts.timers.plus(Timer.unreachable(agent.id(), agent.times().forget()));
    }
  }

  static void gone(Parts parts, GoneAgent agent) {
    parts.goneAgents = parts.goneAgents.with(agent.id(), agent);
    parts.timers = parts.timers.plus(Timer.gone(agent.id(), agent.forgetNanos()));
  }

  static void executor(Parts parts, Executor executor) {
    parts.executors = parts.executors.with(executor.key(), executor);
    parts.index(executor);
  }

  static void operation(Parts parts, Operation operation) {
    parts.operations = parts.operations.with(operation.key(), operation);
    parts.index(operation);
  }

  static void accept(Parts parts, Accept accept) {
    parts.accepts = parts.accepts.with(accept.key(), accept);
    parts.acceptsByOffer = parts.acceptsByOffer.plus(accept.offers().get(0), accept.key());
  }

  static void inverseOffer(Parts parts, InverseOffer offer) {
    parts.inverseOffers = parts.inverseOffers.with(offer.id(), offer);
  }

  static void offer(Parts parts, Offer offer) {
    parts.offers = parts.offers.with(offer.id(), offer);
    parts.index(offer);
  }

  static void task(Parts parts, Task task) {
    parts.tasks = parts.tasks.with(task.key(), task);
    parts.index(task);
  }

  static void filter(Parts parts, Filter filter) {
    parts.filters = parts.filters.with(filter.key(), filter);
    parts.timers = parts.timers.plus(Timer.filter(filter.key(), filter.forgetNanos()));
  }

  static void completed(Parts parts, long number, Framework framework) {
    parts.completed = parts.completed.plus(number, CompletedFramework.of(framework));
    parts.completedNumbers = parts.completedNumbers.plus(framework.id(), number);
  }

  /** Only from where a framework's completed tasks are kept; the tasks stay on disk. */
  static void completed(Parts parts, CompletedTaskKey key) {
    // Rows come in the order of their numbers: the first one seen is the first one kept. That is
    // not noted while it is 0, as in a state that never dropped one.
    long first = parts.firstCompletedTask.getOrDefault(key.framework(), -1L);
    if (first < 0) {
      parts.firstCompletedTask = parts.firstCompletedTask.plus(key.framework(), key.number());
    }
  }
}
