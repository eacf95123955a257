package io.quorate.protocol.resources;

import static io.quorate.protocol.resources.SomeResources.fixed;
import static io.quorate.protocol.resources.SomeResources.ports;
import static io.quorate.protocol.resources.SomeResources.reserved;
import static io.quorate.protocol.resources.SomeResources.scalar;
import static io.quorate.protocol.resources.SomeResources.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.protocol.v1.Attribute;
import io.quorate.protocol.v1.Value;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceTextTest {

  @Test
  @DisplayName("CP-098 the text form of resources is understood")
  void shouldReadText() {
    assertThat(
            ResourceText.parse(
                " cpus:4 ; mem(*):1024.5;ports:[31000-32000, 8080 - 8080]; zones:{a, b};gpus(ops):1;"))
        .containsExactly(
            scalar("cpus", 4),
            scalar("mem", 1024.5),
            ports(8080, 8080, 31000, 32000),
            set("zones", "a", "b"),
            reserved(scalar("gpus", 1), fixed("ops")));
    assertThat(ResourceText.parse("")).isEmpty();
  }

  @Test
  @DisplayName("CP-098 the JSON form of resources is understood")
  void shouldReadJson() {
    assertThat(
            ResourceText.parse(
                """
                [{"name": "cpus", "type": "SCALAR", "scalar": {"value": 4}},
                 {"name": "ports", "type": "RANGES", "ranges": {"range": [{"begin": 1, "end": 9}]}},
                 {"name": "gpus", "type": "SCALAR", "scalar": {"value": 1},
                  "reservations": [{"type": "STATIC", "role": "ops"}]}]
                """))
        .containsExactly(scalar("cpus", 4), ports(1, 9), reserved(scalar("gpus", 1), fixed("ops")));
    assertThat(ResourceText.parse("[]")).isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "1-2,2-3 | 1-3",
        "1-2,3-4 | 1-4",
        "5-9,1-2,2-4 | 1-9",
        "1-9,2-3 | 1-9",
        "1-2,4-5 | 1-2,4-5",
        "7-7,7-7 | 7-7",
        "0-0,0-1 | 0-1",
      })
  @DisplayName("CP-098 ranges that overlap or touch become one, in text and in JSON")
  void shouldUniteRanges(String written, String united) {
    // given
    StringBuilder json = new StringBuilder();
    for (String range : written.split(",")) {
      String[] ends = range.split("-");
      json.append(json.isEmpty() ? "" : ",")
          .append("{\"begin\":" + ends[0] + ",\"end\":" + ends[1] + "}");
    }
    String head = "[{\"name\":\"ports\",\"type\":\"RANGES\",\"ranges\":{\"range\":[";
    // when, then
    assertThat(ResourceText.parse("ports:[" + written + "]"))
        .isEqualTo(ResourceText.parse(head + json + "]}}]"))
        .isEqualTo(ResourceText.parse("ports:[" + united + "]"));
    assertThat(AttributeText.parse("ports:[" + written + "]"))
        .isEqualTo(AttributeText.parse(head + json + "]}}]"))
        .isEqualTo(AttributeText.parse("ports:[" + united + "]"));
    assertThat(ResourceText.parse("ports:[" + written + "]").get(0).getRanges().getRangeCount())
        .isEqualTo(united.split(",").length);
  }

  @Test
  @DisplayName("CP-097 the JSON form of attributes is understood, and a missing value is named")
  void shouldReadJsonOfAttributes() {
    assertThat(
            AttributeText.parse(
                """
                [{"name": "rack", "type": "TEXT", "text": {"value": "r1"}},
                 {"name": "level", "type": "SCALAR", "scalar": {"value": 3}}]
                """))
        .isEqualTo(AttributeText.parse("rack:r1;level:3"));
    assertThatThrownBy(() -> AttributeText.parse("[{\"name\":\"rack\",\"type\":\"TEXT\"}]"))
        .hasMessage("the attribute 'rack' has no 'text'");
    assertThatThrownBy(() -> AttributeText.parse("[{\"type\":\"TEXT\"}]"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "cpus | 'cpus' is not of the form name:value",
        "cpus:4;:3 | ':3' is not of the form name:value",
        "cpus: | 'cpus' has no value",
        "cpus:four | 'cpus': 'four' is no number",
        "cpus:-1 | must not be negative",
        "cpus(ops:1 | 'cpus(ops' is not of the form name(role)",
        "cpus(a b):1 | 'reservations.role'",
        "ports:[1] | '1' in [1] is no range",
        "ports:[5-4] | 5-4 ends before it begins",
        "ports:[5-1,1-6] | the range 5-1 ends before it begins",
        "ports:[1-99999999999999999999] | is no range",
        "zones:{a,a} | 'a' twice",
        "[{\"name\": \"cpus\"}] | Missing required fields: type",
        "[1] | Expecting a JSON object",
        "[{ | syntax error at line 1",
        "[] x | trailing characters",
      })
  void shouldNameWhatCannotBeRead(String text, String why) {
    assertThatThrownBy(() -> ResourceText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  @Test
  @DisplayName("CP-097 attributes have types and keep their order")
  void shouldReadAttributes() {
    assertThat(
            AttributeText.parse("rack:r1;level:3.5;ports:[1-2];os:{linux,posix};url:http://x:80/"))
        .extracting(Attribute::getName, Attribute::getType)
        .containsExactly(
            tuple("rack", Value.Type.TEXT),
            tuple("level", Value.Type.SCALAR),
            tuple("ports", Value.Type.RANGES),
            tuple("os", Value.Type.SET),
            tuple("url", Value.Type.TEXT));
    assertThat(AttributeText.parse("url:http://x:80/").get(0).getText().getValue())
        .isEqualTo("http://x:80/");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rack | 'rack' is not of the form name:value",
        "rack: | 'rack' has no value",
        "x:[2-1] | 'x': the range 2-1 ends before it begins",
      })
  void shouldNameWrongAttributes(String text, String why) {
    assertThatThrownBy(() -> AttributeText.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why);
  }

  private static org.assertj.core.groups.Tuple tuple(Object... values) {
    return org.assertj.core.groups.Tuple.tuple(values);
  }
}
