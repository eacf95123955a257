package io.quorate.master.allocator.policy;

/** A role among the roles of its parent, or a framework among the frameworks of its role. */
public interface Sibling {

  /**
   * Returns the path of the role, or the id of the framework. A role that has frameworks and roles
   * below it stands for its own frameworks as a sibling of the latter, with a path that ends in
   * {@code /.}.
   */
  String name();

  /** As an operator set it; 1 for roles without one and for frameworks. Greater than 0. */
  double weight();

  /** What it holds and is offered now, with all below it, divided by its weight. */
  Share share();

  /** Returns how many offers it got, with all below it. */
  long turns();
}
