package io.quorate.agent.flags;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags about the files of sandboxes, as {@code /files/…} shows them. */
public final class FilesOptions {
  @Option(
      names = {"--max_browsed_files", "--max-browsed-files"},
      description =
          "Entries of a folder that /files/browse shows; of a fuller one it shows none (default:"
              + " 10000).")
  private int entriesMax = FilesSettings.DEFAULT.entriesMax();

  @Option(
      names = {"--max_file_downloads", "--max-file-downloads"},
      description =
          "Downloads of sandboxes' files at the same time; one more gets 503 (default: 32).")
  private int downloadsMax = FilesSettings.DEFAULT.downloadsMax();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * Returns the settings that the flags say.
   *
   * @throws ParameterException if one is out of its bounds; the message names the flag and the rule
   */
  public FilesSettings settings() {
    if (entriesMax < 1 || downloadsMax < 1) {
      throw new ParameterException(
          spec.commandLine(), "--max_browsed_files and --max_file_downloads must be at least 1");
    }
    return new FilesSettings(entriesMax, downloadsMax);
  }
}
