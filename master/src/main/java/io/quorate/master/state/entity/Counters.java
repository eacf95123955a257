package io.quorate.master.state.entity;

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
  public static final Counters ZERO = new Counters(0, 0, 0, 0, 0, 0, 0);

  public Counters framework(long next) {
    return new Counters(next, agent, offer, filter, completedFramework, operation, accept);
  }

  public Counters agent(long next) {
    return new Counters(framework, next, offer, filter, completedFramework, operation, accept);
  }

  public Counters offer(long next) {
    return new Counters(framework, agent, next, filter, completedFramework, operation, accept);
  }

  public Counters filter(long next) {
    return new Counters(framework, agent, offer, next, completedFramework, operation, accept);
  }

  public Counters completedFramework(long next) {
    return new Counters(framework, agent, offer, filter, next, operation, accept);
  }

  public Counters operation(long next) {
    return new Counters(framework, agent, offer, filter, completedFramework, next, accept);
  }

  public Counters accept(long next) {
    return new Counters(framework, agent, offer, filter, completedFramework, operation, next);
  }
}
