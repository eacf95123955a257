package io.quorate.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.quorate.protocol.Messages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Messages to JSON and back, as Mesos does it (CP-057 to CP-071). It has no state, and may be used
 * on any thread.
 */
public final class ProtoJson {
  /** Levels of nesting that are read. */
  public static final int DEPTH_MAX = Messages.DEPTH_MAX;

  /** The longest string that is read, in characters; the faces bound the whole body besides. */
  public static final int STRING_CHARACTERS_MAX = 16 << 20;

  private ProtoJson() {}

  /** Returns one line of JSON. */
  public static String print(Message message) {
    return new String(printBytes(message), StandardCharsets.UTF_8);
  }

  /** Returns one line of JSON in UTF-8. */
  public static byte[] printBytes(Message message) {
    return JsonPrinter.print(message, Set.of());
  }

  /**
   * The same, but that messages of these types show their lists even if they are empty; some of
   * Mesos's answers do.
   */
  public static byte[] printBytes(Message message, Set<Descriptor> complete) {
    return JsonPrinter.print(message, complete);
  }

  /**
   * Merges JSON into a builder and checks that every required field is there.
   *
   * @throws JsonSyntaxException if the text is not JSON, or is over a limit
   * @throws JsonMappingException if it does not fit the message; names the field and the rule
   */
  public static <B extends Message.Builder> B merge(byte[] json, B builder)
      throws JsonSyntaxException, JsonMappingException {
    try (JsonParser parser = JsonText.parser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonMappingException("Expecting a JSON object");
      }
      JsonReader.message(parser, builder);
    } catch (IOException e) {
      throw JsonText.syntax(json, e);
    }
    complete(builder);
    return builder;
  }

  /**
   * Reads an array of messages of one type.
   *
   * @throws JsonSyntaxException if the text is not JSON, or is over a limit
   * @throws JsonMappingException if it is no array of objects, or one of them does not fit
   */
  public static <M extends Message> List<M> readArray(byte[] json, M prototype)
      throws JsonSyntaxException, JsonMappingException {
    List<M> messages = new ArrayList<>();
    try (JsonParser parser = JsonText.parser(json)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        throw new JsonMappingException("Expecting a JSON array");
      }
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
          throw new JsonMappingException("Expecting a JSON object");
        }
        Message.Builder builder = prototype.newBuilderForType();
        JsonReader.message(parser, builder);
        complete(builder);
        @SuppressWarnings("unchecked") // A message's builder builds that message.
        M message = (M) builder.build();
        messages.add(message);
      }
    } catch (IOException e) {
      throw JsonText.syntax(json, e);
    }
    return messages;
  }

  private static void complete(Message.Builder builder) throws JsonMappingException {
    if (!builder.isInitialized()) {
      throw new JsonMappingException(
          "Missing required fields: " + String.join(", ", builder.findInitializationErrors()));
    }
  }
}
