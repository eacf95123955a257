package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What is refused, with the status and text that Apache Mesos was recorded to give; and nothing
 * refused is in the replicated log.
 */
@Tag("process")
class BadInputTest {
  private static final String JSON = "application/json";
  private static final String FRAMEWORK =
      "{'user':'root','name':'x','capabilities':[{'type':'MULTI_ROLE'}],'roles':['*']}";

  @TempDir static Path directory;
  private static LocalCluster cluster;
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @BeforeAll
  static void start() throws IOException {
    cluster = LocalCluster.start(new LocalCluster.Plan(directory, 1, 0, 0, "", false));
    cluster.awaitServing(Duration.ofSeconds(150));
    LocalCluster.await(Duration.ofSeconds(150), () -> cluster.leader().isPresent());
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static HttpRequest.Builder to(String path) {
    return HttpRequest.newBuilder(URI.create("http://" + cluster.masters().get(0) + path))
        .timeout(Duration.ofSeconds(20));
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(String body, String... headers) throws Exception {
    HttpRequest.Builder request =
        to("/api/v1/scheduler").POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request.build());
  }

  private static HttpResponse<String> json(String body) throws Exception {
    return post(body, "Content-Type", JSON, "Accept", JSON);
  }

  private static long applied() {
    return cluster.reader().status(cluster.masters().get(0)).orElseThrow().appliedIndex();
  }

  @ParameterizedTest(name = "CP-025 CP-066: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1,2]|Failed to convert JSON into Call protobuf: Expecting a JSON object",
        "{'type':'FOO'}|Failed to validate scheduler::Call: Expecting 'type' to be present",
        "{}|Failed to validate scheduler::Call: Expecting 'type' to be present",
        "{'type':'UNKNOWN'}|Failed to validate scheduler::Call: Expecting 'type' to be present",
        "{'type':'SUBSCRIBE','foo':1}|Failed to validate scheduler::Call: Expecting 'subscribe' to"
            + " be present",
        "{'type':'SUBSCRIBE','subscribe':{}}|Failed to convert JSON into Call protobuf: Missing"
            + " required fields: subscribe.framework_info",
        "{'type':'SUBSCRIBE','subscribe':{'framework_info':{'name':'x'}}}|Failed to convert JSON"
            + " into Call protobuf: Missing required fields: subscribe.framework_info.user",
        "{'type':'SUBSCRIBE','framework_id':{'value':'bbb'},'subscribe':{'framework_info':{'user':'r',"
            + "'name':'x','id':{'value':'aaa'}}}}|Failed to validate scheduler::Call:"
            + " 'framework_id' differs from 'subscribe.framework_info.id'",
        "{'type':'SUBSCRIBE','subscribe':{'framework_info':{'user':'r','name':'x','id':{'value':'aaa'}}}}"
            + "|Failed to validate scheduler::Call: 'framework_id' differs from"
            + " 'subscribe.framework_info.id'",
        "{'type':'DECLINE','decline':{'offer_ids':[]}}|Failed to validate scheduler::Call: Expecting"
            + " 'framework_id' to be present",
        "{'type':'DECLINE','framework_id':{'value':'x'}}|Failed to validate scheduler::Call:"
            + " Expecting 'decline' to be present",
        "{'type':'ACCEPT','framework_id':{'value':'x'}}|Failed to validate scheduler::Call:"
            + " Expecting 'accept' to be present",
        "{'type':'KILL','framework_id':{'value':'x'}}|Failed to validate scheduler::Call: Expecting"
            + " 'kill' to be present",
        "{'type':'RECONCILE','framework_id':{'value':'x'}}|Failed to validate scheduler::Call:"
            + " Expecting 'reconcile' to be present",
        "{'type':'ACKNOWLEDGE','framework_id':{'value':'x'},'acknowledge':{'agent_id':{'value':'s'},"
            + "'task_id':{'value':'t'},'uuid':'c2hvcnQ='}}|Failed to validate scheduler::Call: Not a"
            + " valid UUID",
        "{'type':'ACKNOWLEDGE','framework_id':{'value':'x'},'acknowledge':{'agent_id':{'value':'s'},"
            + "'task_id':{'value':'t'},'uuid':'%%%'}}|Failed to convert JSON into Call protobuf:"
            + " Failed to base64 decode bytes field 'uuid': Invalid character '%'",
        "{'type':'DECLINE','framework_id':{'value':'nope-0000'},'decline':{'offer_ids':[{'value':'O1'}]}}"
            + "|Framework cannot be found",
        "{'type':'TEARDOWN','framework_id':{'value':''}}|Framework cannot be found",
      })
  void shouldAnswer400(String body, String text) throws Exception {
    long before = applied();
    HttpResponse<String> response = json(body);
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(response.body()).isEqualTo(text);
    assertThat(applied()).as("nothing refused is logged").isEqualTo(before);
  }

  @Test
  @DisplayName("CP-024 text that is not JSON, and bytes that are no protobuf, are answered 400")
  void shouldRefuseGarbage() throws Exception {
    assertThat(json("").statusCode()).isEqualTo(400);
    assertThat(json("").body())
        .startsWith("Failed to parse body into JSON: syntax error at line 1");
    assertThat(json("{'type':").body()).startsWith("Failed to parse body into JSON");
    HttpResponse<String> protobuf =
        send(
            to("/api/v1/scheduler")
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[] {-1, -2, -3}))
                .build());
    assertThat(protobuf.statusCode()).isEqualTo(400);
    assertThat(protobuf.body()).isEqualTo("Failed to parse body into Call protobuf");
  }

  @Test
  @DisplayName("CP-013 CP-014 the Content-Type must be there and be one of the two")
  void shouldCheckContentType() throws Exception {
    assertThat(post("{}").statusCode()).isEqualTo(400);
    assertThat(post("{}").body()).isEqualTo("Expecting 'Content-Type' to be present");
    HttpResponse<String> text = post("{}", "Content-Type", "text/plain");
    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(text.body())
        .isEqualTo("Expecting 'Content-Type' of application/json or application/x-protobuf");
  }

  @Test
  @DisplayName("CP-015 a charset after application/json does no harm")
  void shouldTakeCharset() throws Exception {
    // when
    HttpResponse<String> answer = post("{}", "Content-Type", "application/json; charset=utf-8");

    // then
    assertThat(answer.statusCode()).as("a call without a type, not 415").isEqualTo(400);
  }

  @Test
  @DisplayName("CP-018 CP-021 Accept counts for SUBSCRIBE only")
  void shouldCheckAccept() throws Exception {
    HttpResponse<String> subscribe =
        post(
            "{'type':'SUBSCRIBE','subscribe':{'framework_info':" + FRAMEWORK + "}}",
            "Content-Type",
            JSON,
            "Accept",
            "text/html");
    assertThat(subscribe.statusCode()).isEqualTo(406);
    assertThat(subscribe.body())
        .isEqualTo("Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
    HttpResponse<String> decline =
        post(
            "{'type':'DECLINE','framework_id':{'value':'x'},'decline':{'offer_ids':[]}}",
            "Content-Type",
            JSON,
            "Accept",
            "text/html");
    assertThat(decline.body()).isEqualTo("Framework cannot be found");
  }

  @Test
  @DisplayName("CP-023 GET is answered 405 with Allow")
  void shouldRefuseGet() throws Exception {
    HttpResponse<String> response = send(to("/api/v1/scheduler").GET().build());
    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("Allow")).hasValue("POST");
    assertThat(response.body())
        .isEqualTo("405 Method Not Allowed. Expecting one of { 'POST' }, but received 'GET'.");
  }

  @Test
  @DisplayName("an over-sized body is answered 413 and names the limit")
  void shouldRefuseLargeBody() throws Exception {
    HttpResponse<String> response = json("{'type':'" + "x".repeat((8 << 20) + 1) + "'}");
    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.body()).contains("limit of 8388608 bytes");
  }

  @Test
  @DisplayName("CP-053 SUBSCRIBE with a stream id is answered 400")
  void shouldRefuseStreamIdOnSubscribe() throws Exception {
    HttpResponse<String> response =
        post(
            "{'type':'SUBSCRIBE','subscribe':{'framework_info':" + FRAMEWORK + "}}",
            "Content-Type",
            JSON,
            "Mesos-Stream-Id",
            "abc");
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("'Mesos-Stream-Id'");
  }

  @ParameterizedTest(name = "CP-119 CP-170: {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'roles':['a b']|'FrameworkInfo.roles' contains invalid role: Role component 'a b' is invalid"
            + " because it contains backspace or whitespace",
        "'roles':['a','a']|'FrameworkInfo.roles' contains duplicate items: { a }",
        "'roles':['*'],'role':'x'|'FrameworkInfo.role' must not be set when the framework is"
            + " MULTI_ROLE capable",
      })
  void shouldEndStreamWithError(String fields, String text) throws Exception {
    HttpResponse<String> response =
        json(
            "{'type':'SUBSCRIBE','subscribe':{'framework_info':{'user':'root','name':'x',"
                + "'capabilities':[{'type':'MULTI_ROLE'}],"
                + fields
                + "}}}");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("Mesos-Stream-Id")).isPresent();
    // The index of the log entry is ours; the rest is as recorded.
    String body = response.body().replaceFirst(",\"log_index\":[0-9]+", "");
    String event = "{\"type\":\"ERROR\",\"error\":{\"message\":\"" + text + "\"}}";
    assertThat(body.substring(body.indexOf('\n') + 1)).isEqualTo(event);
    int length = response.body().substring(response.body().indexOf('\n') + 1).length();
    assertThat(response.body()).startsWith(length + "\n");
  }

  @Test
  @DisplayName("an agent that does not know the secret is answered 401")
  void shouldRefuseStrangeAgent() throws Exception {
    HttpResponse<String> response =
        send(
            to("/api/v1/agent")
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    assertThat(response.statusCode()).isEqualTo(401);
  }

  @Test
  @DisplayName("CP-010 /health is 200 without a body")
  void shouldTellHealth() throws Exception {
    // when
    HttpResponse<String> health = send(to("/health").build());
    HttpResponse<String> underTheOtherName = send(to("/master/health").build());

    // then
    assertThat(health.statusCode()).isEqualTo(200);
    assertThat(underTheOtherName.body()).isEmpty();
  }

  @Test
  @DisplayName("CP-011 /version is three numbers with dots between")
  void shouldTellVersion() throws Exception {
    // when
    HttpResponse<String> version = send(to("/version").build());

    // then
    assertThat(version.body()).matches("(?s).*\"version\":\"\\d+\\.\\d+\\.\\d+\".*");
  }

  @Test
  @DisplayName("CP-007 CP-009 the state is the same under each of its names")
  void shouldServeTheStateUnderItsNames() throws Exception {
    // given
    String state = send(to("/state").build()).body();

    // when
    String underMaster = send(to("/master/state").build()).body();
    String underTheOldName = send(to("/master/state.json/").build()).body();

    // then
    assertThat(underMaster).isEqualTo(state);
    assertThat(underTheOldName).isEqualTo(state);
  }

  @Test
  @DisplayName("a view of a master comes as a script that calls a function, if the name is one")
  void shouldWrapAViewInACall() throws Exception {
    // given
    String state = send(to("/state").build()).body();

    // when
    HttpResponse<String> script = send(to("/state?jsonp=f").build());
    HttpResponse<String> attack = send(to("/state?jsonp=alert(1)").build());

    // then
    assertThat(script.body()).isEqualTo("f(" + state + ");");
    assertThat(attack.statusCode()).isEqualTo(400);
  }

  @Test
  @DisplayName("CP-033 CP-034 /redirect points at the leader, and below it there is nothing")
  void shouldPointAtTheLeader() throws Exception {
    // when
    HttpResponse<String> redirect = send(to("/redirect").build());
    HttpResponse<String> below = send(to("/redirect/anything").build());

    // then
    assertThat(redirect.statusCode()).isEqualTo(307);
    assertThat(redirect.headers().firstValue("Location")).hasValue("//" + cluster.masters().get(0));
    assertThat(below.statusCode()).isEqualTo(404);
  }
}
