package io.quorate.master.decide.draft;

/**
 * Why a call changes nothing: the caller's fault, told with a status code. Leaves no entry in the
 * log.
 *
 * @param status the HTTP status code, 4xx
 * @param message names the field and the rule; the body of the answer
 */
public record Refusal(int status, String message) {

  /** 400. */
  public static Refusal badRequest(String message) {
    return new Refusal(400, message);
  }

  /** 403. */
  public static Refusal forbidden(String message) {
    return new Refusal(403, message);
  }

  /** 409. */
  public static Refusal conflict(String message) {
    return new Refusal(409, message);
  }
}
