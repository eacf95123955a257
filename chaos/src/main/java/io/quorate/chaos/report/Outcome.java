package io.quorate.chaos.report;

/** How an operation ended. */
enum Outcome {
  OK("ok"),
  FAIL("fail"),
  /** Nobody knows, also because no completion was ever written. */
  INFO("info");

  private final String word;

  Outcome(String word) {
    this.word = word;
  }

  /** As histories and the page name it. */
  String word() {
    return word;
  }
}
