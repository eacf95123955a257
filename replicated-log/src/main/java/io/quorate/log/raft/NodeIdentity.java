package io.quorate.log.raft;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Who this directory belongs to. A member whose vote or log was lost must never come back under its
 * old name: it could vote twice in one term. So the directory says that it has been used, and a
 * part that is missing from it is a reason not to start.
 */
final class NodeIdentity {
  private static final String FILE = "member";

  private NodeIdentity() {}

  /**
   * Checks the directory, or claims it.
   *
   * @throws IOException if it is another member's, or has lost its vote or log
   */
  static void claim(Path directory, String member) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve(FILE);
    Path log = directory.resolve("log");
    Path vote = directory.resolve("meta").resolve(VoteStorage.FILE);
    if (!Files.exists(file)) {
      if (Files.exists(log) || Files.exists(vote)) {
        throw new IOException(
            directory + " holds a log but not the name of its member: it is damaged." + REMEDY);
      }
      String identity = member + " " + UUID.randomUUID() + "\n";
      Files.writeString(file, identity, StandardCharsets.UTF_8);
      return;
    }
    String owner = Files.readString(file, StandardCharsets.UTF_8).split(" ", 2)[0];
    if (!owner.equals(member)) {
      throw new IOException(directory + " belongs to the member " + owner + ", not to " + member);
    }
    if (Files.exists(log) != Files.exists(vote)) {
      throw new IOException(
          directory
              + " has lost its "
              + (Files.exists(log) ? "vote" : "log")
              + ": this member must not start under its old name."
              + REMEDY);
    }
  }

  private static final String REMEDY =
      " Remove the member from the quorum, wipe the directory and add it as a new member";
}
