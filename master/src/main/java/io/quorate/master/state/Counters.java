package io.quorate.master.state;

/**
 * The next number of each kind of id; none is ever used twice (CP-079).
 *
 * @param offer shared with inverse offers (CP-078)
 */
public record Counters(
    long framework,
    long agent,
    long offer,
    long filter,
    long completedFramework,
    long operation,
    long accept) {
  static final Counters ZERO = new Counters(0, 0, 0, 0, 0, 0, 0);

  Counters framework(long next) {
    return new Counters(next, agent, offer, filter, completedFramework, operation, accept);
  }

  Counters agent(long next) {
    return new Counters(framework, next, offer, filter, completedFramework, operation, accept);
  }

  Counters offer(long next) {
    return new Counters(framework, agent, next, filter, completedFramework, operation, accept);
  }

  Counters filter(long next) {
    return new Counters(framework, agent, offer, next, completedFramework, operation, accept);
  }

  Counters completedFramework(long next) {
    return new Counters(framework, agent, offer, filter, next, operation, accept);
  }

  Counters operation(long next) {
    return new Counters(framework, agent, offer, filter, completedFramework, next, accept);
  }

  Counters accept(long next) {
    return new Counters(framework, agent, offer, filter, completedFramework, operation, next);
  }
}
