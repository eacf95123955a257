package io.quorate.chaos.report;

/** How an operation ended. */
enum OperationOutcome {
  OK("ok"),
  FAIL("fail"),
  /** Nobody knows, also because no completion was ever written. */
  INFO("info");

  private final String word;

  OperationOutcome(String word) {
    this.word = word;
  }

  /** As histories and the page name it. */
  String word() {
    return word;
  }
}
