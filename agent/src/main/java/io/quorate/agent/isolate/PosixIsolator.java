package io.quorate.agent.isolate;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * The isolators posix/cpu and posix/mem, which limit nothing, as in Mesos. With {@code
 * --enforce_container_memory} the resident memory of all processes of a container is limited; it is
 * looked at from time to time, so that one that is quick may use more for a moment.
 */
final class PosixIsolator implements Isolator {
  /** No container has less, whatever it asked for (Mesos 4.9). */
  static final long BYTES_MIN = 32L << 20;

  private final boolean enforce;
  private final Supplier<Map<String, Long>> used;

  /**
   * Makes an isolator.
   *
   * @param enforce whether memory is limited at all
   * @param used resident bytes by container
   */
  PosixIsolator(boolean enforce, Supplier<Map<String, Long>> used) {
    this.enforce = enforce;
    this.used = used;
  }

  @Override
  public List<Path> prepare(String container, ContainerResources resources) {
    return List.of();
  }

  @Override
  public void update(String container, ContainerResources resources) {}

  @Override
  public OptionalLong memoryExceeded(RootContainer container) {
    if (!enforce) {
      return OptionalLong.empty();
    }
    Map<String, Long> now = used.get();
    long sum = container.containers().stream().mapToLong(id -> now.getOrDefault(id, 0L)).sum();
    return sum > Math.max(BYTES_MIN, container.resources().memBytesMax())
        ? OptionalLong.of(sum)
        : OptionalLong.empty();
  }

  @Override
  public boolean remove(String container) {
    return true;
  }

  @Override
  public boolean limits() {
    return enforce;
  }
}
