package io.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ConcurrentModificationException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class QuorateMainTest {
  private final StringWriter err = new StringWriter();
  private final CommandLine line = QuorateMain.commandLine();

  /** A command that fails in a way that nobody expected. */
  @Command(name = "broken")
  static final class BrokenCommand implements Callable<Integer> {
    @Override
    public Integer call() {
      throw new ConcurrentModificationException();
    }
  }

  @Test
  @DisplayName("a failure without a message is told by its kind and where it happened")
  void shouldSayWhatHappenedWithoutAMessage() {
    // given
    line.addSubcommand(new BrokenCommand()).setErr(new PrintWriter(err, true));

    // when
    int status = line.execute("broken");

    // then
    assertThat(status).isEqualTo(1);
    assertThat(err.toString())
        .startsWith("quorate: ConcurrentModificationException")
        .contains("BrokenCommand.call")
        .doesNotContain("null");
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("wrong values of flags are refused before anybody is asked")
  @CsvSource({
    "status --master=localhost, --master must be host:port",
    "status --master=a:0, --master must be host:port",
    "status --principal=me, --principal and --secret-file must be given together",
    "run --cpus=0 true, --cpus must be a number above 0",
    "run --mem=NaN true, --mem must be a number above 0",
  })
  void shouldRefuseWrongFlags(String command, String message) {
    // given
    line.setErr(new PrintWriter(err, true));

    // when
    int status = line.execute(command.split(" "));

    // then
    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).contains(message);
  }
}
