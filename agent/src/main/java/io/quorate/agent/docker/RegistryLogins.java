package io.quorate.agent.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/**
 * The logins of registries, as Docker keeps them in its {@code config.json} or, of old, in {@code
 * .dockercfg}. They are secrets: nothing of them is in a message or in {@link #toString}.
 */
final class RegistryLogins {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HUB = "docker.io";

  private final JsonNode logins;

  private RegistryLogins(JsonNode logins) {
    this.logins = logins;
  }

  /** None at all. */
  static RegistryLogins none() {
    return new RegistryLogins(JSON.createObjectNode());
  }

  /**
   * Reads them.
   *
   * @throws IOException if the text is no JSON object; the message has nothing of it
   */
  static RegistryLogins read(String text) throws IOException {
    JsonNode config;
    try {
      config = JSON.readTree(text);
    } catch (IOException e) {
      // The parser's words cite the text.
      throw new IOException("the Docker config is no JSON");
    }
    if (config == null || !config.isObject()) {
      throw new IOException("the Docker config must be a JSON object");
    }
    return new RegistryLogins(config.has("auths") ? config.get("auths") : config);
  }

  /** The login for an image's registry in the form of the Engine API's header. */
  Optional<String> login(ImageName image) {
    Iterator<Map.Entry<String, JsonNode>> entries = logins.fields();
    while (entries.hasNext()) {
      Map.Entry<String, JsonNode> entry = entries.next();
      if (host(entry.getKey()).equals(image.registry())) {
        return header(entry.getKey(), entry.getValue());
      }
    }
    return Optional.empty();
  }

  /** Docker writes hosts, URLs of old, and its own registry in a form of its own. */
  private static String host(String key) {
    String host = key.replaceFirst("^https?://", "").replaceFirst("/.*$", "");
    return host.equals("index." + HUB) || host.equals("registry-1." + HUB) ? HUB : host;
  }

  private static Optional<String> header(String server, JsonNode entry) {
    ObjectNode login = JSON.createObjectNode().put("serveraddress", server);
    String token = entry.path("identitytoken").asText();
    String pair = entry.path("auth").asText();
    if (!token.isEmpty()) {
      login.put("identitytoken", token);
    } else if (!pair.isEmpty()) {
      String decoded;
      try {
        decoded = new String(Base64.getMimeDecoder().decode(pair), StandardCharsets.UTF_8);
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
      int colon = decoded.indexOf(':');
      if (colon < 1) {
        return Optional.empty();
      }
      login.put("username", decoded.substring(0, colon));
      login.put("password", decoded.substring(colon + 1).replace("\0", ""));
    } else if (entry.hasNonNull("username")) {
      login.put("username", entry.path("username").asText());
      login.put("password", entry.path("password").asText());
    } else {
      return Optional.empty();
    }
    byte[] bytes = login.toString().getBytes(StandardCharsets.UTF_8);
    return Optional.of(Base64.getUrlEncoder().encodeToString(bytes));
  }

  @Override
  public String toString() {
    return "the logins of " + logins.size() + " registries";
  }
}
