package io.quorate.driver.mesos.http;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Headers of a request or a response; names in any case. */
public final class HttpHeaders {
  private final Map<String, String> values = new LinkedHashMap<>();

  /**
   * Sets a header.
   *
   * @throws IllegalArgumentException for a line feed in the value, which would begin another header
   */
  public HttpHeaders set(String name, String value) {
    if (value.indexOf('\n') >= 0 || value.indexOf('\r') >= 0) {
      throw new IllegalArgumentException("the header " + name + " must not hold a line's end");
    }
    values.put(name.toLowerCase(Locale.ROOT), value);
    return this;
  }

  /** A header's value; an empty text without it. */
  public String get(String name) {
    return values.getOrDefault(name.toLowerCase(Locale.ROOT), "");
  }

  int size() {
    return values.size();
  }

  void writeTo(StringBuilder head) {
    for (Map.Entry<String, String> header : values.entrySet()) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
  }
}
