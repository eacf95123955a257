package io.quorate.log.raft;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.rocksdb.NativeLibraryLoader;
import org.rocksdb.RocksDB;

/**
 * Loads RocksDB's native library from a folder of this process alone, and takes the file away again
 * once it is mapped.
 *
 * <p>By itself rocksdbjni leaves 17 MB in the temporary directory for every process that was
 * killed; and where two processes unpack into one folder, one overwrites what the other has mapped
 * and that one dies with SIGBUS.
 */
final class NativeLibrary {
  private static final String PREFIX = "native-";

  private NativeLibrary() {}

  /**
   * Loads it, unless this process has it already.
   *
   * @param directory the member's; the folder is made in it
   * @throws IOException if it cannot be unpacked or does not fit this machine
   */
  static synchronized void load(Path directory) throws IOException {
    sweep(directory);
    Path own = directory.resolve(PREFIX + ProcessHandle.current().pid());
    Files.createDirectories(own);
    try {
      // Does nothing where it was loaded before; RocksDB's own loading then finds it loaded.
      NativeLibraryLoader.getInstance().loadLibrary(own.toString());
      RocksDB.loadLibrary();
    } catch (UnsatisfiedLinkError e) {
      throw new IOException("RocksDB's native library does not load from " + own, e);
    } finally {
      // The mapping outlives the name: from here on nothing can be left behind.
      RowStore.delete(own);
    }
  }

  /** Folders of processes that were killed in the middle of loading. */
  private static void sweep(Path directory) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(directory, PREFIX + "*")) {
      for (Path folder : left) {
        RowStore.delete(folder);
      }
    }
  }
}
