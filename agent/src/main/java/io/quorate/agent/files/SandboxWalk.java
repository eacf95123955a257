package io.quorate.agent.files;

import io.quorate.agent.folder.FolderEntry;
import io.quorate.agent.folder.HeldFolder;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A walk from the folder of all sandboxes to one place below it. Links are resolved here, name by
 * name, and each folder on the way is held open: the system follows none, and one that a task made
 * leads no further than to its own sandbox.
 */
final class SandboxWalk implements AutoCloseable {
  /** Of agent, "frameworks", framework, "executors", executor, "runs" and run. */
  private static final int SANDBOX_DEPTH = 7;

  private static final int LINKS_MAX = 40;
  private static final int NAMES_MAX = 1_000;

  private final Set<String> roots;
  private final Deque<HeldFolder> held = new ArrayDeque<>();
  private final List<String> names = new ArrayList<>();
  private final Deque<String> pending = new ArrayDeque<>();
  private List<String> sandbox = List.of();
  private FileChannel file;

  /**
   * Makes a walk that has not begun.
   *
   * @param root the folder of all sandboxes, which is closed with the walk
   * @param roots the paths of it that absolute links may begin with
   */
  SandboxWalk(HeldFolder root, Set<String> roots) {
    this.roots = roots;
    held.push(root);
  }

  /**
   * Goes to a place.
   *
   * @throws IOException if it is not there, or a link leads out of its sandbox
   */
  void go(String path) throws IOException {
    push(path);
    int links = 0;
    while (!pending.isEmpty()) {
      String name = pending.pop();
      if (name.isEmpty() || name.equals(".")) {
        continue;
      }
      if (name.equals("..")) {
        up(path);
        continue;
      }
      FolderEntry entry = held.peek().entry(name).orElseThrow(() -> new NoSuchFileException(path));
      if (entry.isLink() && ++links <= LINKS_MAX) {
        follow(name, path);
      } else if (entry.isFolder()) {
        held.push(held.peek().folder(name));
        names.add(name);
      } else {
        end(name, path);
      }
    }
    if (!sandbox.isEmpty()
        && (names.size() < SANDBOX_DEPTH || !names.subList(0, SANDBOX_DEPTH).equals(sandbox))) {
      throw new NoSuchFileException(path, null, "a link leads out of the sandbox");
    }
  }

  private void push(String path) throws NoSuchFileException {
    List<String> more = Arrays.asList(path.split("/"));
    if (more.size() + pending.size() > NAMES_MAX) {
      throw new NoSuchFileException(path, null, "the path has too many names");
    }
    Collections.reverse(more);
    more.forEach(pending::push);
  }

  private void up(String path) throws NoSuchFileException {
    if (names.isEmpty()) {
      throw new NoSuchFileException(path);
    }
    held.pop().close();
    names.remove(names.size() - 1);
  }

  private void follow(String name, String path) throws IOException {
    String to = held.peek().link(name).orElseThrow(() -> new NoSuchFileException(path));
    if (names.size() >= SANDBOX_DEPTH && sandbox.isEmpty()) {
      sandbox = List.copyOf(names.subList(0, SANDBOX_DEPTH));
    }
    if (to.startsWith("/")) {
      String root =
          roots.stream()
              .filter(one -> to.startsWith(one + "/"))
              .findFirst()
              .orElseThrow(() -> new NoSuchFileException(path));
      while (!names.isEmpty()) {
        up(path);
      }
      push(to.substring(root.length()));
    } else {
      push(to);
    }
  }

  private void end(String name, String path) throws IOException {
    if (pending.stream().anyMatch(more -> !more.isEmpty())) {
      throw new NotDirectoryException(path);
    }
    names.add(name);
    file = held.peek().file(name);
  }

  /** The file, which is the caller's to close; empty if the walk led to a folder. */
  Optional<FileChannel> file() {
    Optional<FileChannel> found = Optional.ofNullable(file);
    file = null;
    return found;
  }

  /**
   * The folder, until the walk is closed.
   *
   * @throws NoSuchFileException if the walk led to a file
   */
  HeldFolder folder() throws NoSuchFileException {
    if (file != null) {
      throw new NoSuchFileException("it is a file");
    }
    return held.peek();
  }

  @Override
  public void close() throws IOException {
    held.forEach(HeldFolder::close);
    if (file != null) {
      file.close();
    }
  }
}
