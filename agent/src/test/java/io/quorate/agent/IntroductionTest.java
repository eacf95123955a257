package io.quorate.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IntroductionTest {
  private final Memory memory = new Memory();
  private final Introduction introduction = new Introduction(null, memory, false);

  private long confirmed() {
    return introduction.call(AgentCall.Type.PONG).build().getCommandsDone();
  }

  @Test
  @DisplayName("a command is confirmed only once it is safe in the journal")
  void shouldConfirmWhatIsSafe() {
    Commands commands = new Commands(memory, null, null, null, null, null, null);
    Command command =
        Command.newBuilder()
            .setNumber(1)
            .setReactivate(Command.Reactivate.getDefaultInstance())
            .build();
    // Written, but not synced: a master that forgot it now could not send it again.
    memory.lastCommand = command.getNumber();
    assertThat(confirmed()).isZero();
    commands.carryOut(command);
    assertThat(confirmed()).isEqualTo(1);
  }
}
