package io.quorate.protocol.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Text that is asked to be JSON. It is walked once before it is mapped: what is not JSON as a whole
 * is told as that, whatever is wrong with its fields, as Mesos does.
 */
final class JsonText {
  private static final JsonFactory JSON =
      JsonFactory.builder()
          // Names come from strangers, and interned strings stay.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          // JSON of the API is UTF-8.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(ProtoJson.DEPTH_MAX)
                  .maxStringLength(ProtoJson.STRING_CHARACTERS_MAX)
                  .build())
          .build();

  private static final String SYNTAX_ERROR = "syntax error at line ";
  private static final int EXCERPT_BYTES_MAX = 60;

  // Where the parser noticed may be behind what was wrong.
  private static final int EXCERPT_BYTES_BEFORE = 20;

  private JsonText() {}

  /** A parser of text that is one JSON value, before its first token. */
  static JsonParser parser(byte[] json) throws JsonSyntaxException {
    try (JsonParser walk = JSON.createParser(json)) {
      if (walk.nextToken() == null) {
        throw new JsonSyntaxException(
            SYNTAX_ERROR + walk.currentLocation().getLineNr() + " near: ");
      }
      walk.skipChildren();
      long end = walk.currentLocation().getByteOffset();
      if (!new String(json, (int) end, json.length - (int) end, StandardCharsets.UTF_8).isBlank()) {
        throw new JsonSyntaxException(
            "Parsed JSON included non-whitespace trailing characters: " + excerpt(json, end));
      }
      return JSON.createParser(json);
    } catch (IOException e) {
      throw syntax(json, e);
    }
  }

  /** What the parser says of text that is not JSON, in Mesos's words. */
  static JsonSyntaxException syntax(byte[] json, IOException e) {
    if (e instanceof StreamConstraintsException tooMuch) {
      return new JsonSyntaxException("over a limit: " + tooMuch.getOriginalMessage());
    }
    if (e instanceof JsonProcessingException broken && broken.getLocation() != null) {
      JsonLocation where = broken.getLocation();
      return new JsonSyntaxException(
          SYNTAX_ERROR
              + where.getLineNr()
              + " near: "
              + excerpt(json, where.getByteOffset() - EXCERPT_BYTES_BEFORE));
    }
    return new JsonSyntaxException("not readable: " + e.getMessage());
  }

  private static String excerpt(byte[] json, long offset) {
    int from = (int) Math.min(Math.max(offset, 0), json.length);
    int length = Math.min(json.length - from, EXCERPT_BYTES_MAX);
    return new String(json, from, length, StandardCharsets.UTF_8).strip();
  }
}
