package io.quorate.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LaunchTest {
  @Test
  @DisplayName("a launch that waits for its turn is cancelled at once, and then never begins")
  void shouldCancelWhileItWaits() {
    Launcher.Launch launch = new Launcher.Launch();
    AtomicInteger told = new AtomicInteger();
    launch.awaits(told::incrementAndGet);
    launch.cancel();
    launch.cancel();
    assertThat(told).hasValue(1);
    assertThat(launch.begins()).isFalse();
    assertThat(launch.isCancelled()).isTrue();
  }

  @Test
  @DisplayName("a launch that has begun is not told of as one that waits")
  void shouldLeaveWhatHasBegun() {
    Launcher.Launch launch = new Launcher.Launch();
    AtomicInteger told = new AtomicInteger();
    launch.awaits(told::incrementAndGet);
    assertThat(launch.begins()).isTrue();
    launch.cancel();
    assertThat(told).hasValue(0);
    assertThat(launch.isCancelled()).isTrue();
  }
}
