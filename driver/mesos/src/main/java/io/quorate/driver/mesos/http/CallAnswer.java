package io.quorate.driver.mesos.http;

/** The status and the text that a call was answered with. */
public final class CallAnswer {
  private final int status;
  private final String body;

  CallAnswer(int status, String body) {
    this.status = status;
    this.body = body;
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** What came with it. */
  public String body() {
    return body;
  }
}
