package io.quorate.protocol.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import io.quorate.protocol.v1.Attribute;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.TimeInfo;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.scheduler.Event;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProtoJsonPrintTest {

  /** As recorded from Mesos, with short ids. */
  private static final String SUBSCRIBED =
      "{\"type\":\"SUBSCRIBED\",\"subscribed\":{\"framework_id\":{\"value\":\"c-0006\"},"
          + "\"heartbeat_interval_seconds\":15.0,\"master_info\":{\"id\":\"c\",\"ip\":16777343,"
          + "\"port\":5050,\"pid\":\"master@127.0.0.1:5050\",\"hostname\":\"127.0.0.1\","
          + "\"version\":\"1.12.0\",\"address\":{\"hostname\":\"127.0.0.1\",\"ip\":\"127.0.0.1\","
          + "\"port\":5050},\"capabilities\":[{\"type\":\"AGENT_UPDATE\"}]}}}";

  private static final String OFFERS =
      "{\"type\":\"OFFERS\",\"offers\":{\"offers\":[{\"id\":{\"value\":\"c-O8\"},"
          + "\"framework_id\":{\"value\":\"c-0010\"},\"agent_id\":{\"value\":\"c-S0\"},"
          + "\"hostname\":\"127.0.0.1\",\"url\":{\"scheme\":\"http\",\"address\":{\"hostname\":"
          + "\"127.0.0.1\",\"ip\":\"127.0.0.1\",\"port\":5051},\"path\":\"/slave(1)\"},"
          + "\"resources\":[{\"name\":\"ports\",\"type\":\"RANGES\",\"ranges\":{\"range\":"
          + "[{\"begin\":31000,\"end\":32000}]},\"role\":\"*\",\"allocation_info\":{\"role\":"
          + "\"*\"}},{\"name\":\"cpus\",\"type\":\"SCALAR\",\"scalar\":{\"value\":7.9},\"role\":"
          + "\"*\",\"allocation_info\":{\"role\":\"*\"}}],\"attributes\":[{\"name\":\"rack\","
          + "\"type\":\"TEXT\",\"text\":{\"value\":\"r1\"}}],\"allocation_info\":{\"role\":\"*\"}}]}}";

  @Test
  @DisplayName("CP-057 events read from Mesos are written back as they were")
  void shouldWriteWhatMesosWrites() throws Exception {
    for (String json : new String[] {SUBSCRIBED, OFFERS, "{\"type\":\"HEARTBEAT\"}"}) {
      Event event = ProtoJson.merge(json.getBytes(UTF_8), Event.newBuilder()).build();

      assertThat(ProtoJson.print(event)).isEqualTo(json);
      assertThat(ProtoJson.printBytes(event)).isEqualTo(json.getBytes(UTF_8));
    }
  }

  @Test
  @DisplayName("CP-058 64-bit integers are numbers")
  void shouldWriteLongsAsNumbers() {
    assertThat(ProtoJson.print(TimeInfo.newBuilder().setNanoseconds(Long.MIN_VALUE).build()))
        .isEqualTo("{\"nanoseconds\":-9223372036854775808}");
    assertThat(ProtoJson.print(Value.Range.newBuilder().setBegin(5).setEnd(-1).build()))
        .isEqualTo("{\"begin\":5,\"end\":18446744073709551615}");
    assertThat(ProtoJson.print(MasterInfo.newBuilder().setId("i").setIp(-1).setPort(1).build()))
        .isEqualTo("{\"id\":\"i\",\"ip\":4294967295,\"port\":1}");
  }

  @Test
  @DisplayName("CP-059 CP-060 bytes are padded Base64 and enums are names")
  void shouldWriteBytesAndEnums() {
    TaskStatus status =
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue("t"))
            .setState(TaskState.TASK_RUNNING)
            .setUuid(ByteString.copyFrom(new byte[16]))
            .build();

    assertThat(ProtoJson.print(status))
        .isEqualTo(
            "{\"task_id\":{\"value\":\"t\"},\"state\":\"TASK_RUNNING\","
                + "\"uuid\":\"AAAAAAAAAAAAAAAAAAAAAA==\"}");
    ByteString long300 = ByteString.copyFrom(new byte[300]);
    assertThat(ProtoJson.print(status.toBuilder().setUuid(long300).build()))
        .contains("\"" + "A".repeat(400) + "\"");
  }

  @Test
  @DisplayName("CP-061 CP-062 empty lists are left out, defaults of the schema are written")
  void shouldWriteDefaults() {
    FrameworkInfo framework = FrameworkInfo.newBuilder().setUser("u").setName("n").build();

    assertThat(ProtoJson.print(framework))
        .isEqualTo("{\"user\":\"u\",\"name\":\"n\",\"failover_timeout\":0.0,\"checkpoint\":false}");
    assertThat(ProtoJson.print(CommandInfo.getDefaultInstance())).isEqualTo("{\"shell\":true}");
  }

  @Test
  @DisplayName("CP-062 a deprecated field with a default is written only when it is set")
  @SuppressWarnings("deprecation")
  void shouldNotWriteDeprecatedDefaults() {
    FrameworkInfo framework =
        FrameworkInfo.newBuilder().setUser("u").setName("n").setRole("*").build();

    assertThat(ProtoJson.print(framework)).contains("\"role\":\"*\"");
  }

  @Test
  @DisplayName("CP-063 a Duration is an object with seconds and nanos")
  void shouldWriteDurationsAsObjects() {
    assertThat(ProtoJson.print(Duration.newBuilder().setSeconds(600).build()))
        .isEqualTo("{\"seconds\":600,\"nanos\":0}");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "7.9, 7.9",
    "8160, 8160.0",
    "15, 15.0",
    "0, 0.0",
    "0.001, 0.001",
    "0.00001, 0.000010",
    "604800000, 604800000.0",
    "1479500000.12345, 1479500000.12345",
    "9007199254740993, 9007199254740992.0",
    "1e300, 1.0E300",
  })
  void shouldWriteDoublesPlain(double value, String text) {
    String json = ProtoJson.print(Value.Scalar.newBuilder().setValue(value).build());

    assertThat(json).isEqualTo("{\"value\":" + text + "}");
    assertThat(Double.parseDouble(text)).isEqualTo(value);
  }

  @Test
  void shouldWriteInfinityBare() {
    TaskInfo task =
        TaskInfo.newBuilder()
            .setName("n")
            .setTaskId(TaskID.newBuilder().setValue("t"))
            .setAgentId(io.quorate.protocol.v1.AgentID.newBuilder().setValue("a"))
            .putLimits("cpus", Value.Scalar.newBuilder().setValue(Double.POSITIVE_INFINITY).build())
            .build();

    assertThat(ProtoJson.print(task)).endsWith(",\"limits\":{\"cpus\":{\"value\":Infinity}}}");
  }

  @Test
  void shouldEscapeStrings() throws Exception {
    Attribute attribute =
        Attribute.newBuilder()
            .setName("q\"\\\n\u0001é😀")
            .setType(Value.Type.TEXT)
            .setText(Value.Text.newBuilder().setValue("x"))
            .build();

    String json = ProtoJson.print(attribute);

    assertThat(json).contains("q\\\"\\\\\\n\\u0001é😀");
    assertThat(ProtoJson.merge(json.getBytes(UTF_8), Attribute.newBuilder()).build())
        .isEqualTo(attribute);
  }
}
