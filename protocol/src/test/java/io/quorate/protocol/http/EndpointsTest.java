package io.quorate.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsTest {
  private final Endpoints endpoints =
      new Endpoints(
          "/master",
          List.of(
              Endpoint.view("/state", request -> {}),
              Endpoint.call("/api/v1", request -> {}),
              Endpoint.call("/api/v1/scheduler", request -> {}),
              new Endpoint("/redirect", Endpoint.Kind.VIEW, List.of("GET"), true, request -> {})));

  @ParameterizedTest
  @CsvSource({
    "/state, /state",
    "/state/, /state",
    "/master/state//, /state",
    "/state/x/y, /state",
    "/api/v1/operator, /api/v1",
    "/master/api/v1/scheduler/x, /api/v1/scheduler",
    "/api/v1/schedulers, /api/v1",
    "/redirect, /redirect",
    "/%6Daster/state, /state",
    "/m%61ster/state/x/, /state"
  })
  @DisplayName("the longest path that a request's path begins with answers")
  void shouldFindLongestPrefix(String path, String found) {
    assertThat(endpoints.find(path).map(Endpoint::path)).contains(found);
  }

  @ParameterizedTest
  @CsvSource({
    "/statement",
    "/",
    "/master",
    "//state",
    "/api/v2",
    "/redirect/x",
    "/master%2Fstate",
    "/master%/state",
    "/st%61te",
    "state",
    "*",
    "''"
  })
  @DisplayName("half a segment is no prefix, and below some paths there is nothing")
  void shouldFindNothing(String path) {
    assertThat(endpoints.find(path)).isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @CsvSource({
    "/state/, /state/",
    "/master/state/, /state/",
    "/%6Daster/quota/a%20b, /quota/a%20b",
    "/masters/state, /masters/state",
    "/, /"
  })
  @DisplayName("what follows the process is left as it is")
  void shouldSayWhatFollows(String path, String below) {
    assertThat(Endpoints.below("/master", path)).isEqualTo(below);
  }

  @Test
  @DisplayName("HEAD goes with GET")
  void shouldSayWhatIsTaken() {
    Endpoint view = Endpoint.view("/state", request -> {});
    assertThat(view.allow()).isEqualTo("GET, HEAD, POST");
    assertThat(view.takes("HEAD")).isTrue();
    assertThat(view.takes("PUT")).isFalse();
  }
}
