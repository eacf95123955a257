package io.quorate.agent.isolate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
  @Test
  @DisplayName("the memory of a container is that of all processes that it is the environment of")
  void shouldSum() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("sh", "-c", "{ head -c 30000000 /dev/zero; sleep 1000; } | tail");
    String container = "test-" + ProcessHandle.current().pid();
    builder.environment().put("MESOS_CONTAINER_ID", container);
    Process process = builder.start();
    ProcessMemory memory = new ProcessMemory();
    try {
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () -> {
                memory.look();
                return memory.used().getOrDefault(container, 0L) > 30_000_000;
              });
      assertThat(memory.used().get(container)).isLessThan(60_000_000);
      Isolator isolator = new PosixIsolator(true, memory::used);
      ContainerResources little = new ContainerResources(1, 1 << 20, 1, 1 << 20, false);
      RootContainer unit =
          new RootContainer(container, java.util.List.of(container, "other"), little);
      // 32 MB is the least that a container has.
      assertThat(isolator.memoryExceeded(unit).isPresent())
          .isEqualTo(memory.used().get(container) > 32 << 20);
      assertThat(new PosixIsolator(false, memory::used).memoryExceeded(unit)).isEmpty();
      assertThat(new PosixIsolator(true, Map::of).memoryExceeded(unit)).isEmpty();
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              memory.look();
              return !memory.used().containsKey(container);
            });
  }
}
