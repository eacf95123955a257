package io.quorate.agent.flags;

import com.sun.management.OperatingSystemMXBean;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What this machine has, less what it needs itself, as Mesos reckons: 1 GB of memory, 5 GB of disk,
 * or half.
 */
public final class DetectedResources {
  private static final long MIB = 1 << 20;
  private static final long MEM_RESERVE_MIB = 1024;
  private static final long DISK_RESERVE_MIB = 5 * 1024;

  private DetectedResources() {}

  public static List<Resource> resources(Path workDir) throws IOException {
    Files.createDirectories(workDir);
    OperatingSystemMXBean machine =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long mem = less(machine.getTotalMemorySize() / MIB, MEM_RESERVE_MIB);
    long disk = less(Files.getFileStore(workDir).getTotalSpace() / MIB, DISK_RESERVE_MIB);
    return ResourceText.parse(
        "cpus:"
            + Runtime.getRuntime().availableProcessors()
            + ";mem:"
            + mem
            + ";disk:"
            + disk
            + ";ports:[31000-32000]");
  }

  private static long less(long total, long reserve) {
    return total >= 2 * reserve ? total - reserve : total / 2;
  }
}
