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
 * The resources that an agent offers where {@code --resources} does not say: what the machine has,
 * less what it needs itself, which is 1 GB of memory and 5 GB of disk, or half of what there is, as
 * in Mesos (2.3).
 */
public final class DetectedResources {
  private static final long MIB = 1 << 20;
  private static final long MEM_RESERVE_MIB = 1024;
  private static final long DISK_RESERVE_MIB = 5 * 1024;

  private DetectedResources() {}

  /**
   * Returns cpus, mem, disk and the default range of ports.
   *
   * @param workDir the directory whose file system counts as the disk; it is made
   * @throws IOException if it cannot be made or looked at
   */
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
