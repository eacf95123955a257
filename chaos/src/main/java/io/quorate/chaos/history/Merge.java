package io.quorate.chaos.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/** Puts what each process wrote by itself into files by time. */
public final class Merge {
  private static final long NANOS_PER_HUNDREDTH = 10_000_000L;

  private Merge() {}

  /** The operations of several queues, by time. */
  public static List<Op> queues(Collection<Path> directories) throws IOException {
    List<Op> all = new ArrayList<>();
    for (Path directory : directories) {
      if (Files.isDirectory(directory)) {
        all.addAll(queue(directory));
      }
    }
    all.sort(Comparator.comparingLong(Op::time));
    return all;
  }

  private static List<Op> queue(Path directory) throws JsonProcessingException {
    List<Op> all = new ArrayList<>();
    try (ChronicleQueue queue =
            SingleChronicleQueueBuilder.binary(directory.toFile()).readOnly(true).build();
        ExcerptTailer tailer = queue.createTailer()) {
      for (String line = tailer.readText(); line != null; line = tailer.readText()) {
        all.add(Json.MAPPER.readValue(line, Op.class));
      }
    }
    return all;
  }

  /**
   * The diaries of agents: lines {@code UPTIME WHAT TASK PID}, with the seconds of {@code
   * /proc/uptime}.
   *
   * @param originUptimeHundredths of seconds that this machine was up when the run began
   */
  public static List<Diary> diary(String agent, Path file, long originUptimeHundredths)
      throws IOException {
    List<Diary> all = new ArrayList<>();
    if (!Files.exists(file)) {
      return all;
    }
    for (String line : Files.readAllLines(file)) {
      String[] words = line.split(" ");
      if (words.length == 4) {
        long time = (uptime(words[0]) - originUptimeHundredths) * NANOS_PER_HUNDREDTH;
        all.add(new Diary(time, agent, words[2], words[1], Long.parseLong(words[3])));
      }
    }
    return all;
  }

  /** The first word of {@code /proc/uptime}, in hundredths of a second. */
  public static long uptime(String word) {
    return Math.round(Double.parseDouble(word) * 100);
  }

  /** How long this machine is up, in hundredths of a second. */
  public static long uptimeNow() throws IOException {
    return uptime(Files.readString(Path.of("/proc/uptime")).split(" ")[0]);
  }
}
