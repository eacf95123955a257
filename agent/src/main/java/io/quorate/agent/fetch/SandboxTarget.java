package io.quorate.agent.fetch;

import io.quorate.agent.folder.FolderEntry;
import io.quorate.agent.folder.HeldFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Says where in a sandbox something may be written: below it, and through no link that is there. A
 * task could make such links itself, but one that an archive brought must not lead what comes later
 * elsewhere. One thread uses it.
 */
final class SandboxTarget {
  private final Path sandbox;
  private final Set<Path> passed = new HashSet<>();

  SandboxTarget(Path sandbox) {
    this.sandbox = sandbox;
  }

  /**
   * Says what is wrong with a name.
   *
   * @return a clause, such as "leads through the link 'd'"; empty if nothing is wrong
   * @throws IOException if the sandbox cannot be looked at
   */
  Optional<String> validate(Path name) throws IOException {
    if (name.isAbsolute() || escapes(name)) {
      return Optional.of("leads out of the sandbox");
    }
    Path parent = name.normalize().getParent();
    if (parent == null || passed.contains(parent)) {
      return Optional.empty();
    }
    Optional<String> wrong = validateWay(parent);
    if (wrong.isEmpty()) {
      passed.add(parent);
    }
    return wrong;
  }

  private static boolean escapes(Path name) {
    int depth = 0;
    for (Path part : name) {
      depth += part.toString().equals("..") ? -1 : 1;
      if (depth < 0) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> validateWay(Path parent) throws IOException {
    Deque<HeldFolder> held = new ArrayDeque<>();
    try {
      held.push(HeldFolder.open(sandbox));
      for (Path part : parent) {
        Optional<FolderEntry> entry = held.peek().entry(part.toString());
        if (entry.isEmpty()) {
          return Optional.empty();
        }
        if (!entry.get().isFolder()) {
          String kind = entry.get().isLink() ? "link" : "file";
          return Optional.of("leads through the " + kind + " '" + part + "'");
        }
        held.push(held.peek().folder(part.toString()));
      }
      return Optional.empty();
    } finally {
      held.forEach(HeldFolder::close);
    }
  }
}
