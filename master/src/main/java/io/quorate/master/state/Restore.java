package io.quorate.master.state;

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
    parts.registrations = parts.registrations.plus(agent.registrationId(), agent.id());
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
    parts.timers = parts.timers.plus(Timer.filter(filter.key(), filter.deadlineNanos()));
  }

  static void completed(Parts parts, long number, Framework framework) {
    parts.completedFrameworks = parts.completedFrameworks.with(number, framework);
    parts.completedNumbers = parts.completedNumbers.plus(framework.id(), number);
  }

  static void completed(Parts parts, long number, Task task) {
    FrameworkId framework = task.key().framework();
    CompletedTaskKey key = new CompletedTaskKey(framework, number);
    parts.completedTasks = parts.completedTasks.with(key, task);
    // Rows come in the order of their numbers: the first one seen is the first one kept.
    if (!parts.firstCompletedTask.containsKey(framework)
        || parts.firstCompletedTask.get(framework) > number) {
      parts.firstCompletedTask = parts.firstCompletedTask.plus(framework, number);
    }
  }
}
