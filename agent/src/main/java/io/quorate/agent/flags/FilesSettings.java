package io.quorate.agent.flags;

/**
 * The bounds of the files API (Mesos 4.8, 6.3).
 *
 * @param entriesMax how many entries of a folder are shown
 * @param downloadsMax how many downloads go on at the same time
 */
public record FilesSettings(int entriesMax, int downloadsMax) {
  /** What holds where no flag says otherwise. */
  public static final FilesSettings DEFAULT = new FilesSettings(10_000, 32);
}
