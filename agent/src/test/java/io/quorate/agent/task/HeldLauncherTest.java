package io.quorate.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HeldLauncherTest {
  private final Machine machine = new Machine();
  private final HeldLauncher launcher = new HeldLauncher(machine);
  private final List<String> outcomes = new ArrayList<>();

  private Launcher.Plan plan() {
    return new Launcher.Plan(
        null,
        FrameworkInfo.getDefaultInstance(),
        CommandInfo.getDefaultInstance(),
        List.of(),
        Map.of(),
        null);
  }

  private final Launcher.Outcome outcome =
      new Launcher.Outcome() {
        @Override
        public void started() {
          outcomes.add("started");
        }

        @Override
        public void failed(String why) {
          outcomes.add("failed");
        }

        @Override
        public void cancelled() {
          outcomes.add("cancelled");
        }

        @Override
        public void ended() {
          outcomes.add("ended");
        }
      };

  @Test
  @DisplayName("nothing is started before a master has taken the agent back")
  void shouldHold() {
    launcher.launch(plan(), outcome);
    launcher.launch(plan(), outcome);
    assertThat(machine.launches).isEmpty();

    launcher.release();
    assertThat(machine.launches).hasSize(2);
    launcher.launch(plan(), outcome);
    assertThat(machine.launches).hasSize(3);
    launcher.release();
    assertThat(machine.launches).hasSize(3);
    assertThat(outcomes).isEmpty();
  }

  @Test
  @DisplayName("what is cancelled while it is held is never started, and told")
  void shouldCancelHeld() {
    Launcher.Launch launch = launcher.launch(plan(), outcome);
    launch.cancel();
    launcher.release();
    assertThat(machine.launches).isEmpty();
    assertThat(outcomes).containsExactly("cancelled");
  }

  @Test
  @DisplayName("a launch that was held can be cancelled like any other once it is underway")
  void shouldCancelLater() {
    Launcher.Launch launch = launcher.launch(plan(), outcome);
    launcher.release();
    launch.cancel();
    assertThat(machine.launches).singleElement().matches(Launcher.Launch::isCancelled);
  }

  /** Remembers what it was to launch. */
  private static final class Machine implements Launcher {
    final List<Launch> launches = new ArrayList<>();

    @Override
    public void launch(Plan plan, Outcome outcome, Launch launch) {
      launches.add(launch);
    }

    @Override
    public TaskProcess process(Layout.Run run) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void mount(
        TaskProcess process,
        FrameworkInfo framework,
        CommandInfo command,
        List<Resource> resources) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> lower(CommandInfo command, FrameworkInfo framework) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void sweep(TaskProcess process) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void touch(TaskProcess process) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void forget(TaskProcess process) {
      throw new UnsupportedOperationException();
    }
  }
}
