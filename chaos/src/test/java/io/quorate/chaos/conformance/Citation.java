package io.quorate.chaos.conformance;

import java.util.SortedSet;

/**
 * A test that names conformance points.
 *
 * @param module the folder of its module
 * @param className fully qualified, with {@code $} before a nested class
 * @param points the ids that its display name holds
 */
record Citation(String module, String className, String method, SortedSet<String> points) {

  /** As the page names it: {@code FrameworkRulesTest.shouldTimeOut}. */
  String text() {
    String simple = className.substring(className.lastIndexOf('.') + 1);
    return simple.replace('$', '.') + "." + method;
  }
}
