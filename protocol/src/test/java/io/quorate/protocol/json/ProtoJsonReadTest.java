package io.quorate.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Message;
import io.quorate.protocol.v1.ContainerID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TimeInfo;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProtoJsonReadTest {

  @Test
  @DisplayName("CP-064 unknown fields are ignored, whatever they hold; so is null")
  void shouldIgnoreUnknownFieldsAndNulls() throws Exception {
    Call call =
        call(
            "{'type':'REVIVE','foo':1,'bar':{'type':[[{}]]},'framework_id':null,"
                + "'revive':{'roles':['a',null,'b']},'subscribe':null}");

    assertThat(call.getType()).isEqualTo(Call.Type.REVIVE);
    assertThat(call.hasFrameworkId()).isFalse();
    assertThat(call.hasSubscribe()).isFalse();
    assertThat(call.getRevive().getRolesList()).containsExactly("a", "b");
  }

  @Test
  @DisplayName("CP-065 numbers may be strings")
  void shouldReadNumbersFromStrings() throws Exception {
    assertThat(time("'5'")).isEqualTo(5);
    assertThat(time("' 5.9 '")).isEqualTo(5);
    assertThat(seconds("'2.5'")).isEqualTo(2.5);
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource({
    "5, 5",
    "5.9, 5",
    "-5.9, -5",
    "1e3, 1000",
    "1e-999999999, 0",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808",
    "9223372036854775807.5, 9223372036854775807",
  })
  void shouldReadIntegers(String json, long value) throws Exception {
    assertThat(time(json)).isEqualTo(value);
    assertThat(time("'" + json + "'")).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"9223372036854775808", "-9223372036854775809", "1e19", "1e999999999", "1e400"})
  void shouldRefuseIntegersThatDoNotFit(String json) {
    refused(
        "{'nanoseconds':" + json + "}",
        TimeInfo.newBuilder(),
        "The number for field 'nanoseconds' is out of its range");
    refused(
        "{'nanoseconds':'" + json + "'}",
        TimeInfo.newBuilder(),
        "The number for field 'nanoseconds' is out of its range");
  }

  @Test
  void shouldReadUnsignedIntegers() throws Exception {
    Value.Range range =
        read("{'begin':18446744073709551615,'end':0}", Value.Range.newBuilder()).build();

    assertThat(range.getBegin()).isEqualTo(-1);
    refused("{'begin':-1,'end':0}", Value.Range.newBuilder(), "'begin' is out of its range");
    refused(
        "{'begin':18446744073709551616,'end':0}",
        Value.Range.newBuilder(),
        "'begin' is out of its range");
    assertThat(
            read("{'consecutive_failures':4294967295}", HealthCheck.newBuilder())
                .getConsecutiveFailures())
        .isEqualTo(-1);
    refused("{'consecutive_failures':4294967296}", HealthCheck.newBuilder(), "is out of its range");
  }

  @Test
  void shouldRefuseWhatIsNoNumber() {
    for (String value : List.of("true", "{}", "[]", "[5]")) {
      refused("{'nanoseconds':" + value + "}", TimeInfo.newBuilder(), "Expecting a number");
    }
    for (String value : List.of("five", "", "0x10", "1d", "NaN", "Infinity")) {
      refused("{'nanoseconds':'" + value + "'}", TimeInfo.newBuilder(), "as a number for field");
    }
    refused(
        "{'nanoseconds':'" + "1".repeat(5000) + "'}", TimeInfo.newBuilder(), "out of its range");
    refused("{'delay_seconds':1e999}", HealthCheck.newBuilder(), "out of its range");
  }

  @Test
  @DisplayName("CP-066 missing required fields are named with their paths")
  void shouldNameMissingFields() {
    refused(
        "{'type':'SUBSCRIBE','subscribe':{}}",
        Call.newBuilder(),
        "Missing required fields: subscribe.framework_info");
    refused(
        "{'type':'SUBSCRIBE','subscribe':{'framework_info':{'name':'x'}}}",
        Call.newBuilder(),
        "Missing required fields: subscribe.framework_info.user");
    refused(
        "{'type':'DECLINE','framework_id':{},'decline':{'offer_ids':[{'value':'o'},{}]}}",
        Call.newBuilder(),
        "Missing required fields: framework_id.value, decline.offer_ids[1].value");
  }

  @Test
  @DisplayName("CP-067 booleans may be the strings true and false")
  void shouldReadBooleansFromStrings() throws Exception {
    assertThat(framework("'checkpoint':'true'").getCheckpoint()).isTrue();
    assertThat(framework("'checkpoint':'false'").hasCheckpoint()).isTrue();
    assertThat(framework("'checkpoint':true").getCheckpoint()).isTrue();
    for (String value : List.of("1", "'yes'", "'TRUE'", "{}", "[true]")) {
      refused(
          "{'user':'u','name':'n','checkpoint':" + value + "}",
          FrameworkInfo.newBuilder(),
          "Expecting a boolean for field 'checkpoint'");
    }
  }

  @Test
  @DisplayName("CP-068 a lone value may stand for a list of one")
  void shouldReadLoneValues() throws Exception {
    assertThat(framework("'roles':'web'").getRolesList()).containsExactly("web");
    assertThat(framework("'capabilities':{'type':'MULTI_ROLE'}").getCapabilitiesList())
        .extracting(FrameworkInfo.Capability::getType)
        .containsExactly(FrameworkInfo.Capability.Type.MULTI_ROLE);
  }

  @Test
  @DisplayName(
      "CP-069 an unknown enum name is dropped from an optional field, an error in a required")
  void shouldDropUnknownEnumNames() throws Exception {
    assertThat(call("{'type':'FOO'}").hasType()).isFalse();
    refused(
        "{'name':'cpus','type':'FOO'}",
        Resource.newBuilder(),
        "Failed to find enum value 'FOO' for field 'type'");
    refused("{'type':1}", Call.newBuilder(), "Expecting a string for field 'type'");
  }

  @Test
  @DisplayName("CP-070 bytes that are not Base64 are an error")
  void shouldRefuseBadBase64() {
    String before =
        "{'type':'ACKNOWLEDGE','framework_id':{'value':'f'},'acknowledge':"
            + "{'agent_id':{'value':'a'},'task_id':{'value':'t'},'uuid':'";
    refused(
        before + "%%%'}}",
        Call.newBuilder(),
        "Failed to base64 decode bytes field 'uuid': Invalid character '%'");
    refused(before + "abcde'}}", Call.newBuilder(), "Failed to base64 decode bytes field 'uuid'");
    refused(before.replace("'uuid':'", "'uuid':5}}"), Call.newBuilder(), "Expecting a string");
  }

  @Test
  @DisplayName("CP-059 bytes are read from padded standard Base64")
  void shouldReadBase64() throws Exception {
    TaskInfo.Builder task = read(task("'data':'+/8='"), TaskInfo.newBuilder());

    assertThat(task.getData().toByteArray()).containsExactly(0xfb, 0xff);
  }

  @Test
  @DisplayName("CP-071 an infinite limit in the form of an object is understood")
  void shouldReadInfiniteLimits() throws Exception {
    TaskInfo.Builder task =
        read(
            task("'limits':{'cpus':{'value':'Infinity'},'mem':{'value':64},'disk':null}"),
            TaskInfo.newBuilder());

    assertThat(task.getLimitsMap().get("cpus").getValue()).isInfinite();
    assertThat(task.getLimitsMap()).containsOnlyKeys("cpus", "mem");
    refused(task("'limits':{'cpus':'Infinity'}"), TaskInfo.newBuilder(), "Expecting a JSON object");
    refused(task("'limits':[]"), TaskInfo.newBuilder(), "Expecting a JSON object");
  }

  @Test
  void shouldRefuseValuesOfAnotherShape() {
    refused("[1,2]", Call.newBuilder(), "Expecting a JSON object");
    refused("5", Call.newBuilder(), "Expecting a JSON object");
    refused("{'framework_id':'f'}", Call.newBuilder(), "Expecting a JSON object");
    refused("{'framework_id':[{'value':'f'}]}", Call.newBuilder(), "Expecting a JSON object");
    refused("{'framework_id':{'value':5}}", Call.newBuilder(), "Expecting a string");
    refused("{'framework_id':{'value':{}}}", Call.newBuilder(), "Expecting a string");
    refused("{'revive':{'roles':[['a']]}}", Call.newBuilder(), "Expecting a string");
  }

  @Test
  void shouldReplaceHalvesOfCharacters() throws Exception {
    String name = "a\\ud800b\\ud83d\\ude00\\udc00";
    FrameworkInfo info = framework("'hostname':'" + name + "'");

    assertThat(info.getHostname()).isEqualTo("a\ufffdb\ud83d\ude00\ufffd");
    assertThat(FrameworkInfo.parseFrom(info.toByteArray())).isEqualTo(info);
    assertThat(ProtoJson.print(info)).contains("b\ud83d\ude00");
  }

  @ParameterizedTest(name = "<{0}>")
  @ValueSource(
      strings = {"", "   ", "{", "{'type':", "{'type' 'x'}", "{type:1}", "[1,", "nul", "{}}"})
  void shouldTellWhatIsNotJson(String text) {
    assertThatThrownBy(() -> read(text, Call.newBuilder()))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessageMatching("(?s)(syntax error at line 1 near: |Parsed JSON included non-w).*");
  }

  @Test
  void shouldTellSyntaxBeforeMeaning() {
    assertThatThrownBy(() -> read("{'framework_id':5,}", Call.newBuilder()))
        .isInstanceOf(JsonSyntaxException.class);
    assertThatThrownBy(() -> read("", Call.newBuilder()))
        .hasMessage("syntax error at line 1 near: ");
    assertThatThrownBy(() -> read("{}\n {'a':1}", Call.newBuilder()))
        .hasMessage("Parsed JSON included non-whitespace trailing characters: {\"a\":1}");
    assertThatThrownBy(() -> read("{'a':1,\n'b' oops}", Call.newBuilder()))
        .hasMessageStartingWith("syntax error at line 2 near: ")
        .hasMessageContaining("oops");
  }

  @Test
  void shouldRefuseBytesThatAreNotUtf8() {
    byte[] utf16 = "{\"type\":\"REVIVE\"}".getBytes(java.nio.charset.StandardCharsets.UTF_16);
    byte[] latin = "{\"a\":\"é\"}".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

    assertThatThrownBy(() -> ProtoJson.merge(utf16, Call.newBuilder()))
        .isInstanceOf(JsonSyntaxException.class);
    assertThatThrownBy(() -> ProtoJson.merge(latin, Call.newBuilder()))
        .isInstanceOf(JsonSyntaxException.class);
  }

  @Test
  void shouldBoundNesting() throws Exception {
    ContainerID.Builder deep = read(nested(ProtoJson.DEPTH_MAX), ContainerID.newBuilder());

    assertThat(ContainerID.parseFrom(deep.build().toByteArray()).hasParent()).isTrue();
    assertThatThrownBy(() -> read(nested(ProtoJson.DEPTH_MAX + 1), ContainerID.newBuilder()))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessageContaining("limit");
    assertThatThrownBy(() -> read("[".repeat(100_000), Call.newBuilder()))
        .isInstanceOf(JsonSyntaxException.class);
  }

  @Test
  void shouldBoundStrings() {
    String over = "x".repeat(ProtoJson.STRING_CHARACTERS_MAX + 1);

    assertThatThrownBy(() -> read("{'framework_id':{'value':'" + over + "'}}", Call.newBuilder()))
        .isInstanceOf(JsonSyntaxException.class)
        .hasMessageContaining("limit");
  }

  private static String nested(int objects) {
    return "{'value':'c','parent':".repeat(objects - 1) + "{'value':'c'}" + "}".repeat(objects - 1);
  }

  private static String task(String more) {
    return "{'name':'n','task_id':{'value':'t'},'agent_id':{'value':'a'}," + more + "}";
  }

  private static long time(String value) throws Exception {
    return read("{'nanoseconds':" + value + "}", TimeInfo.newBuilder()).getNanoseconds();
  }

  private static double seconds(String value) throws Exception {
    return read("{'delay_seconds':" + value + "}", HealthCheck.newBuilder()).getDelaySeconds();
  }

  private static FrameworkInfo framework(String more) throws Exception {
    return read("{'user':'u','name':'n'," + more + "}", FrameworkInfo.newBuilder()).build();
  }

  private static Call call(String json) throws Exception {
    return read(json, Call.newBuilder()).build();
  }

  private static <B extends Message.Builder> B read(String json, B builder)
      throws JsonSyntaxException, JsonMappingException {
    return ProtoJson.merge(json.replace('\'', '"').getBytes(UTF_8), builder);
  }

  private static void refused(String json, Message.Builder builder, String why) {
    assertThatThrownBy(() -> read(json, builder))
        .as(json)
        .isInstanceOf(JsonMappingException.class)
        .hasMessageContaining(why);
  }
}
