package io.quorate.driver.mesos.variable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.zip.CRC32;

/**
 * Variables in a directory, a file for each. A file is written whole under another name, synced and
 * moved into its place, and then the directory is synced: after a loss of power each variable has
 * its old value or its new one. One process at a time holds the lock of a directory, until it ends.
 */
public final class DirectoryVariables implements VariableStore {
  private static final int MAGIC = 0x51565631;
  private static final int HEX = 0xff;
  private static final String SUFFIX = ".variable";

  private final Path directory;

  /** Held until the process ends. */
  private final FileLock lock;

  private DirectoryVariables(Path directory, FileLock lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /** Opens a directory, and makes it if need be. */
  public static DirectoryVariables open(String path) throws IOException {
    Path directory = Files.createDirectories(Paths.get(path));
    if (Files.exists(directory.resolve("CURRENT"))) {
      throw new IOException(
          path + " holds a LevelDB of Mesos, which is not read here: give another directory");
    }
    FileChannel channel =
        FileChannel.open(
            directory.resolve("LOCK"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      channel.close();
      throw new IOException(path + " is open already, in this process or in another");
    }
    return new DirectoryVariables(directory, lock);
  }

  private Path file(String name) {
    try {
      StringBuilder file = new StringBuilder();
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte octet : digest.digest(name.getBytes(StandardCharsets.UTF_8))) {
        file.append(String.format(Locale.ROOT, "%02x", octet & HEX));
      }
      return directory.resolve(file + SUFFIX);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  @Override
  public synchronized KeptVariable fetch(String name) throws IOException {
    Path file = file(name);
    return Files.exists(file) ? read(file) : KeptVariable.absent(name);
  }

  @Override
  public synchronized Optional<KeptVariable> store(KeptVariable variable) throws IOException {
    if (!fetch(variable.name()).version().equals(variable.version())) {
      return Optional.empty();
    }
    KeptVariable next =
        new KeptVariable(
            variable.name(), Optional.of(UUID.randomUUID().toString()), variable.value());
    Path file = file(variable.name());
    Path whole = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            whole,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(written(next));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    syncDirectory();
    return Optional.of(next);
  }

  @Override
  public synchronized boolean expunge(KeptVariable variable) throws IOException {
    Optional<String> present = fetch(variable.name()).version();
    if (!present.isPresent() || !present.equals(variable.version())) {
      return false;
    }
    Files.delete(file(variable.name()));
    syncDirectory();
    return true;
  }

  @Override
  public synchronized List<String> names() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
      for (Path file : files) {
        names.add(read(file).name());
      }
    }
    return new ArrayList<>(names);
  }

  private void syncDirectory() throws IOException {
    if (!lock.isValid()) {
      throw new IOException("the lock of " + directory + " was lost");
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static byte[] written(KeptVariable variable) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeInt(MAGIC);
    for (byte[] part :
        new byte[][] {
          variable.name().getBytes(StandardCharsets.UTF_8),
          variable.version().orElse("").getBytes(StandardCharsets.UTF_8),
          variable.value()
        }) {
      out.writeInt(part.length);
      out.write(part);
    }
    CRC32 check = new CRC32();
    byte[] before = bytes.toByteArray();
    check.update(before, 0, before.length);
    out.writeInt((int) check.getValue());
    return bytes.toByteArray();
  }

  private static KeptVariable read(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    CRC32 check = new CRC32();
    check.update(bytes, 0, Math.max(0, bytes.length - Integer.BYTES));
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      boolean known = in.readInt() == MAGIC;
      byte[][] parts = new byte[3][];
      for (int i = 0; known && i < parts.length; i++) {
        parts[i] = new byte[Math.max(0, Math.min(in.readInt(), in.available()))];
        in.readFully(parts[i]);
      }
      if (!known || in.available() != Integer.BYTES || in.readInt() != (int) check.getValue()) {
        throw new IOException("it is spoilt");
      }
      return new KeptVariable(
          new String(parts[0], StandardCharsets.UTF_8),
          Optional.of(new String(parts[1], StandardCharsets.UTF_8)),
          parts[2]);
    } catch (IOException e) {
      throw new IOException("the variable in " + file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
