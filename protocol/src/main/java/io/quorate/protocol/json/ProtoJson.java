package io.quorate.protocol.json;

import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;

/** Messages to JSON and back, as Mesos does it (CP-057 to CP-071). Stateless; any thread. */
public final class ProtoJson {
  private ProtoJson() {}

  /** One line of JSON. */
  public static String print(Message message) {
    return new String(printBytes(message), StandardCharsets.UTF_8);
  }

  /** One line of JSON in UTF-8. */
  public static byte[] printBytes(Message message) {
    return JsonPrinter.print(message);
  }

  /**
   * Merges JSON into a builder and checks that every required field is there.
   *
   * @throws JsonSyntaxException if the text is not JSON
   * @throws JsonMappingException if it does not fit the message
   */
  public static <B extends Message.Builder> B merge(byte[] json, B builder)
      throws JsonSyntaxException, JsonMappingException {
    JsonReader.read(json, builder);
    if (!builder.isInitialized()) {
      throw new JsonMappingException(
          "Missing required fields: " + String.join(", ", builder.findInitializationErrors()));
    }
    return builder;
  }
}
