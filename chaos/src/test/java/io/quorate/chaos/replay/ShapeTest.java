package io.quorate.chaos.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A comparison that sees nothing would let every replay pass. */
class ShapeTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':1}|{'a':1,'b':2}|``",
        "{'a':1}|{}|.a",
        "{'a':1.0}|{'a':1}|``",
        "{'a':1}|{'a':2}|.a",
        "{'a':'$number'}|{'a':2}|``",
        "{'a':'$number'}|{'a':'2'}|.a",
        "{'a':'$string'}|{'a':2}|.a",
        "{'a':'$boolean'}|{'a':false}|``",
        "{'a':'$uuid'}|{'a':'AAAAAAAAAAAAAAAAAAAAAA=='}|``",
        "{'a':'$uuid'}|{'a':'AAAA'}|.a",
        "{'a':'$agent'}|{'a':'11111111-2222-3333-4444-555555555555-S7'}|``",
        "{'a':'$agent'}|{'a':'11111111-2222-3333-4444-555555555555-O7'}|.a",
        "{'a':'$offer'}|{'a':'11111111-2222-3333-4444-555555555555-O7'}|``",
        "{'a':'$offer'}|{'a':'11111111-2222-3333-4444-555555555555-7'}|.a",
        "{'a':'$framework'}|{'a':'11111111-2222-3333-4444-555555555555-0007'}|``",
        "{'a':'$framework'}|{'a':'11111111-2222-3333-4444-555555555555-007'}|.a",
        "{'a':'Offer * is gone'}|{'a':'Offer 7 is gone'}|``",
        "{'a':'Offer * is gone'}|{'a':'Offer 7 is back'}|.a",
        "{'a':[]}|{'a':{}}|.a",
        "{'a':[]}|{'a':[1]}|``",
        "['x','y']|['y','x']|``",
        "['x','y']|['x']|[y]",
        "[{'name':'cpus','v':1}]|[{'name':'mem','v':1},{'name':'cpus','v':1}]|``",
        "[{'name':'cpus','v':1}]|[{'name':'mem','v':1},{'name':'cpus','v':2}]|[cpus].v",
        "[{'type':'T'}]|[]|[T]",
        "[{'id':'$string'}]|[]|[0]",
        "{'a':{'b':1}}|{'a':null}|.a",
      })
  void shouldFindTheDifference(String expected, String actual, String path) throws IOException {
    assertThat(
            Shape.differences(
                    JSON.readTree(expected.replace('\'', '"')),
                    JSON.readTree(actual.replace('\'', '"')))
                .keySet())
        .isEqualTo(path.isEmpty() ? java.util.Set.of() : java.util.Set.of(path));
  }
}
