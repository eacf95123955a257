package io.quorate.chaos.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** JSON as the files of a run have it. */
public final class Json {
  public static final JsonNode NULL = NullNode.getInstance();
  public static final JsonMapper MAPPER = JsonMapper.builder().build();

  private Json() {}

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** One value a line; an unfinished last line, as a killed process leaves it, is left out. */
  public static <T> List<T> lines(Path file, Class<T> type) {
    List<T> all = new ArrayList<>();
    if (!Files.exists(file)) {
      return all;
    }
    try (BufferedReader in = Files.newBufferedReader(file)) {
      String line = in.readLine();
      while (line != null) {
        String next = in.readLine();
        if (next != null || line.endsWith("}")) {
          all.add(MAPPER.readValue(line, type));
        }
        line = next;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("in " + file, e);
    }
    return all;
  }

  /** Writes one value a line. */
  public static void writeLines(Path file, Iterable<?> values) {
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (Object value : values) {
        out.write(MAPPER.writeValueAsString(value));
        out.newLine();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
