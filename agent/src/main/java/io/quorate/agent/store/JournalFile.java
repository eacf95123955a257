package io.quorate.agent.store;

import io.quorate.agent.store.record.JournalRecord;
import io.quorate.protocol.auth.PrivateFolder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of records, each with its length and checksum. Records that are appended together are
 * synced together. A torn record at the end was never synced and is cut off; a damaged one before
 * the end is an error.
 */
public final class JournalFile implements AgentJournal, AutoCloseable {
  private static final int HEAD_BYTES = 2 * Integer.BYTES;

  /** A snapshot of all tasks is one record. */
  private static final int RECORD_BYTES_MAX = 512 << 20;

  private final Path file;
  private final FileChannel lock;
  private FileChannel channel;
  private boolean dirty;
  private long bytes;

  /**
   * Opens the journal of a directory, which it locks.
   *
   * @throws IOException if another agent uses the directory, or it cannot be written
   */
  public JournalFile(Path directory) throws IOException {
    PrivateFolder.make(directory);
    this.file = directory.resolve("journal");
    this.lock =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    PrivateFolder.closeFile(directory.resolve("lock"));
    FileLock held;
    try {
      held = lock.tryLock();
    } catch (OverlappingFileLockException e) {
      held = null;
    }
    if (held == null) {
      throw new IOException("another agent uses " + directory);
    }
  }

  @Override
  public List<JournalRecord> read() throws IOException {
    List<JournalRecord> records = new ArrayList<>();
    channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    PrivateFolder.closeFile(file);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    while (bytes.remaining() >= HEAD_BYTES) {
      int start = bytes.position();
      int length = bytes.getInt();
      int checksum = bytes.getInt();
      if (length <= 0 || length > RECORD_BYTES_MAX || length > bytes.remaining()) {
        bytes.position(start);
        break;
      }
      byte[] record = new byte[length];
      bytes.get(record);
      if (checksum != checksum(record)) {
        if (bytes.hasRemaining()) {
          throw new IOException(
              file
                  + " is damaged at byte "
                  + start
                  + ": wipe the work_dir, and the agent registers"
                  + " as a new one");
        }
        bytes.position(start);
        break;
      }
      records.add(JournalRecord.parseFrom(record));
    }
    channel.truncate(bytes.position());
    channel.position(bytes.position());
    this.bytes = bytes.position();
    return records;
  }

  @Override
  public void replace(List<JournalRecord> records) throws IOException {
    Path next = file.resolveSibling("journal.next");
    try (FileChannel out =
        FileChannel.open(
            next,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      PrivateFolder.closeFile(next);
      bytes = 0;
      for (JournalRecord record : records) {
        write(out, record);
      }
      out.force(true);
    }
    dirty = false;
    channel.close();
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    channel = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    try (FileChannel folder = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  @Override
  public void append(JournalRecord record) throws IOException {
    write(channel, record);
    dirty = true;
  }

  private void write(FileChannel out, JournalRecord record) throws IOException {
    byte[] encoded = record.toByteArray();
    ByteBuffer framed =
        ByteBuffer.allocate(HEAD_BYTES + encoded.length)
            .putInt(encoded.length)
            .putInt(checksum(encoded))
            .put(encoded)
            .flip();
    bytes += framed.remaining();
    while (framed.hasRemaining()) {
      out.write(framed);
    }
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void sync() throws IOException {
    if (dirty) {
      channel.force(false);
      dirty = false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
    lock.close();
  }
}
