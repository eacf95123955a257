package io.quorate.chaos.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.history.Json;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/** Orders and linearizable reads by the operator API of one master at a time. */
public final class OperatorApi {
  private static final Duration CALL_MAX = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(100);

  /** What became of a call. */
  public enum Outcome {
    OK,
    /** It was certainly not done. */
    FAIL,
    /** Nobody knows. */
    INFO
  }

  /** With the answer, where there is one. */
  public record Answer(Outcome outcome, JsonNode body, String why) {}

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(1))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();

  /** An order; a follower's redirect is followed once. */
  public Answer order(String master, JsonNode call) {
    return order(master, call, true);
  }

  /**
   * An order that may be done twice, given to one master after another until its outcome is known.
   * A 503 says that it may be repeated: a leader that was just elected, or lost its lead, answers
   * so.
   *
   * @return the first answer whose outcome is known, or the last one when the time is over
   */
  Answer orderUntilKnown(List<String> masters, JsonNode call, Duration within) {
    long end = System.nanoTime() + within.toNanos();
    for (int tries = 0; ; tries++) {
      Answer answer = order(masters.get(tries % masters.size()), call);
      if (answer.outcome() != Outcome.INFO || System.nanoTime() >= end) {
        return answer;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private Answer order(String master, JsonNode call, boolean mayFollow) {
    return send(
        request(master, "/api/v1")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(call.toString())),
        leader -> mayFollow ? order(leader, call, false) : redirected());
  }

  /**
   * A read that sees all that was done before it began. Views are what every master answers by
   * itself; a call of the API would be redirected to the leader.
   *
   * @param path of a view, e.g. {@code /weights}
   */
  Answer read(String master, String path) {
    Answer answer =
        send(
            request(master, path).header("Quorate-Consistency", "linearizable").GET(),
            leader -> redirected());
    // A read changes nothing, so what was not answered did not happen.
    return answer.outcome() == Outcome.INFO
        ? new Answer(Outcome.FAIL, Json.NULL, answer.why())
        : answer;
  }

  private static Answer redirected() {
    return new Answer(Outcome.FAIL, Json.NULL, "307 again");
  }

  private static HttpRequest.Builder request(String master, String path) {
    return HttpRequest.newBuilder(URI.create("http://" + master + path))
        .timeout(CALL_MAX)
        .header("Accept", "application/json");
  }

  private Answer send(HttpRequest.Builder request, Function<String, Answer> redirected) {
    try {
      HttpResponse<byte[]> response =
          http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
      int status = response.statusCode();
      String text = status + " " + new String(response.body(), StandardCharsets.UTF_8);
      if (status == 307) {
        String location = response.headers().firstValue("Location").orElse("");
        return redirected.apply(location.replaceFirst("^(http:)?//", "").split("/")[0]);
      }
      if (status == 200 || status == 202) {
        JsonNode body =
            response.body().length == 0 ? Json.NULL : Json.MAPPER.readTree(response.body());
        return new Answer(Outcome.OK, body, "");
      }
      // 503 of an order may come after it was appended; a redirect comes before.
      return new Answer(status == 503 ? Outcome.INFO : Outcome.FAIL, Json.NULL, text);
    } catch (ConnectException | HttpConnectTimeoutException e) {
      return new Answer(Outcome.FAIL, Json.NULL, "not connected: " + e.getMessage());
    } catch (IOException e) {
      return new Answer(Outcome.INFO, Json.NULL, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Answer(Outcome.INFO, Json.NULL, "interrupted");
    }
  }
}
