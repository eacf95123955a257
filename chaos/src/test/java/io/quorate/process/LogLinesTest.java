package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.impl.Log4jLogEvent;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.apache.logging.log4j.message.SimpleMessage;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

/** Names that clients gave get into the daemons' logs. */
class LogLinesTest {
  private static final String FORGED = "2026-01-01T00:00:00.000Z ERROR forged";

  private static PatternLayout layout(String module) throws Exception {
    Element layout =
        (Element)
            DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Path.of("..", module, "src/main/resources/log4j2.xml").toFile())
                .getElementsByTagName("PatternLayout")
                .item(0);
    return PatternLayout.newBuilder()
        .withPattern(layout.getAttribute("pattern"))
        .withAlwaysWriteExceptions(false)
        .build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"master", "agent"})
  @DisplayName("a name with line feeds and escapes makes no line of its own, nor colours one")
  void shouldKeepToOneLine(String module) throws Exception {
    // given
    String name = "n\n" + FORGED + "\r\n\u001b[31m\u0085" + FORGED + "\u2028\u202e";
    Throwable failure = new IllegalStateException(name, new IllegalArgumentException(name));
    Log4jLogEvent event =
        Log4jLogEvent.newBuilder()
            .setLoggerName("io.quorate.X")
            .setLevel(Level.INFO)
            .setMessage(new SimpleMessage("Framework " + name + " is there"))
            .setThrown(failure)
            .build();
    // when
    String text = new String(layout(module).toByteArray(event), StandardCharsets.UTF_8);
    // then
    String[] lines = text.split("\n");
    assertThat(lines[0]).contains("INFO").contains("X Framework n?" + FORGED).endsWith("is there");
    assertThat(text).doesNotContain("\u001b", "\r", "\u0085", "\u2028", "\u202e");
    assertThat(lines).hasSizeGreaterThan(5);
    for (int i = 1; i < lines.length; i++) {
      boolean first = i == 1;
      assertThat(lines[i]).doesNotStartWith("2026");
      assertThat(first ? "java." : "    ").isEqualTo(lines[i].substring(0, first ? 5 : 4));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"master", "agent"})
  @DisplayName("a line without an exception is one line")
  void shouldEndLines(String module) throws Exception {
    Log4jLogEvent event =
        Log4jLogEvent.newBuilder()
            .setLoggerName("a.b.C")
            .setLevel(Level.WARN)
            .setMessage(new SimpleMessage("all is well"))
            .build();
    String text = new String(layout(module).toByteArray(event), StandardCharsets.UTF_8);
    assertThat(text).endsWith(" WARN  C all is well\n");
  }
}
