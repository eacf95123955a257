package io.quorate.agent.docker;

import io.quorate.agent.folder.HeldFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The files {@code stdout} and {@code stderr} of a sandbox, into which goes what a container
 * prints. How far they are is written down now and then: for each the time of its last line, and
 * where that begins. Whoever goes on, be it after the agent was killed, has the daemon repeat from
 * there, and skips what is in the file already. One thread uses it.
 */
final class SandboxOutput implements AutoCloseable {
  private static final int HEADER_BYTES = 8;
  private static final int TIME_CHARS_MAX = 40;
  private static final int ERROR_STREAM = 2;
  private static final int WORDS = 4;
  private static final String NEVER = "-";
  private static final long SAVE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final DockerMarks marks;
  private final Part[] parts;
  private long savedNanos = System.nanoTime();

  /** One of the files. */
  private static final class Part {
    final FileChannel file;

    /** The time of the latest line, and where it begins in the file. */
    String time = NEVER;

    long begin;

    /** Where in the file what comes next belongs; before its end while something is repeated. */
    long at;

    Part(FileChannel file) throws IOException {
      this.file = file;
      this.begin = file.size();
    }

    void take(byte[] piece, int from) throws IOException {
      int known = (int) Math.min(Math.max(0, file.size() - at), piece.length - from);
      at += piece.length - from;
      ByteBuffer fresh = ByteBuffer.wrap(piece, from + known, piece.length - from - known);
      while (fresh.hasRemaining()) {
        file.write(fresh);
      }
    }
  }

  private SandboxOutput(DockerMarks marks, Part[] parts) {
    this.marks = marks;
    this.parts = parts;
  }

  /**
   * Opens the files, and makes those that are not there.
   *
   * @param sandbox held, so that no link that a task made is followed
   */
  static SandboxOutput open(HeldFolder sandbox, DockerMarks marks) throws IOException {
    FileChannel out = sandbox.append("stdout");
    FileChannel error;
    try {
      error = sandbox.append("stderr");
    } catch (IOException e) {
      out.close();
      throw e;
    }
    SandboxOutput output = new SandboxOutput(marks, new Part[] {new Part(out), new Part(error)});
    String[] words = marks.output().orElse("").split(" ");
    if (words.length == WORDS) {
      for (int number = 0; number < output.parts.length; number++) {
        output.parts[number].time = words[2 * number];
        output.parts[number].begin = Long.parseLong(words[2 * number + 1]);
      }
    } else {
      output.save();
    }
    return output;
  }

  /** Since when output is of interest, in the form of the Engine API. */
  String since() {
    String first = parts[0].time.compareTo(parts[1].time) < 0 ? parts[0].time : parts[1].time;
    try {
      Instant time = Instant.parse(first);
      return time.getEpochSecond() + "." + String.format("%09d", time.getNano());
    } catch (DateTimeParseException e) {
      return "0";
    }
  }

  /** Takes pieces of a container without a terminal, until they end. */
  void takeFrames(InputStream stream) throws IOException {
    for (Part part : parts) {
      part.at = part.begin;
    }
    byte[] header = stream.readNBytes(HEADER_BYTES);
    while (header.length == HEADER_BYTES) {
      int length = ByteBuffer.wrap(header).getInt(HEADER_BYTES / 2);
      byte[] piece = stream.readNBytes(length);
      take(parts[header[0] == ERROR_STREAM ? 1 : 0], piece);
      header = stream.readNBytes(HEADER_BYTES);
    }
    save();
  }

  /** Takes the output of a terminal, which has no pieces and no times: those are when it came. */
  void takeTerminal(InputStream stream) throws IOException {
    byte[] buffer = new byte[1 << 13];
    for (int count = stream.read(buffer); count >= 0; count = stream.read(buffer)) {
      parts[0].at = parts[0].file.size();
      parts[0].take(Arrays.copyOf(buffer, count), 0);
      for (Part part : parts) {
        part.time = Instant.now().plusNanos(1).toString();
        part.begin = part.file.size();
      }
      saveNowAndThen();
    }
    save();
  }

  /** A piece begins with its time; those of one long line have the same. */
  private void take(Part part, byte[] piece) throws IOException {
    int space = 0;
    while (space < piece.length && space < TIME_CHARS_MAX && piece[space] != ' ') {
      space++;
    }
    String time = new String(piece, 0, space, StandardCharsets.US_ASCII);
    if (!part.time.equals(NEVER) && time.compareTo(part.time) < 0) {
      return;
    }
    if (!time.equals(part.time)) {
      part.time = time;
      part.begin = part.at;
    }
    part.take(piece, Math.min(space + 1, piece.length));
    saveNowAndThen();
  }

  private void saveNowAndThen() throws IOException {
    if (System.nanoTime() - savedNanos >= SAVE_NANOS) {
      save();
    }
  }

  private void save() throws IOException {
    marks.output(parts[0].time + " " + parts[0].begin + " " + parts[1].time + " " + parts[1].begin);
    savedNanos = System.nanoTime();
  }

  @Override
  public void close() throws IOException {
    try (FileChannel out = parts[0].file;
        FileChannel error = parts[1].file) {
      out.force(false);
      error.force(false);
    }
  }
}
