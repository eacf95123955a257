package io.quorate.agent.isolate;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * No limits, as posix/cpu and posix/mem of Mesos; or, where asked for, a limit on memory that is
 * watched: the resident memory of all processes of a container, looked at from time to time, so
 * that one that is quick may use more for a moment.
 */
final class PosixIsolator implements Isolator {
  /** No container has less, whatever it asked for (Mesos 4.9). */
  static final long BYTES_MIN = 32L << 20;

  private final boolean enforce;
  private final Supplier<Map<String, Long>> used;

  /**
   * Makes one.
   *
   * @param used resident bytes by container
   */
  PosixIsolator(boolean enforce, Supplier<Map<String, Long>> used) {
    this.enforce = enforce;
    this.used = used;
  }

  @Override
  public List<Path> prepare(String container, ContainerResources amounts) {
    return List.of();
  }

  @Override
  public void update(String container, ContainerResources amounts) {}

  @Override
  public OptionalLong memoryExceeded(RootContainer unit) {
    if (!enforce) {
      return OptionalLong.empty();
    }
    Map<String, Long> now = used.get();
    long sum = unit.containers().stream().mapToLong(each -> now.getOrDefault(each, 0L)).sum();
    return sum > Math.max(BYTES_MIN, unit.resources().memBytesMax())
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
