package io.quorate.agent.docker;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * Does something in the network of another process (setns(2)): on a thread that is made for it and
 * ends with it, so that no other thread is ever in that network. It takes CAP_SYS_ADMIN.
 */
final class NetworkNamespace {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int O_CLOEXEC = 0x80000;
  private static final CLibrary C = Native.load("c", CLibrary.class);

  private NetworkNamespace() {}

  /** What is used of the C library. */
  interface CLibrary extends Library {
    /** Opens a file for reading; the number of its descriptor (POSIX.1). */
    int open(String path, int flags) throws LastErrorException;

    /** Moves the calling thread into a namespace (Linux). */
    int setns(int descriptor, int kind) throws LastErrorException;

    /** Gives a descriptor back (POSIX.1). */
    int close(int descriptor) throws LastErrorException;
  }

  /**
   * Waits for what is done there.
   *
   * @param pid of a process that is in the network
   * @throws IOException if it cannot be entered, or what is done there throws
   */
  static <T> T call(long pid, Callable<T> what) throws IOException, InterruptedException {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                enter(pid);
                done.complete(what.call());
              } catch (Exception e) {
                done.completeExceptionally(e);
              }
            },
            "docker-network");
    thread.setDaemon(true);
    thread.start();
    try {
      return done.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      throw cause instanceof IOException failure
          ? failure
          : new IOException(cause.toString(), cause);
    }
  }

  private static void enter(long pid) throws IOException {
    try {
      int descriptor = C.open("/proc/" + pid + "/ns/net", O_CLOEXEC);
      try {
        C.setns(descriptor, CLONE_NEWNET);
      } finally {
        C.close(descriptor);
      }
    } catch (LastErrorException e) {
      throw new NotEntered(pid, e);
    }
  }

  /** The agent may not enter, or nobody is there any more. */
  static final class NotEntered extends IOException {
    private static final long serialVersionUID = 1;

    NotEntered(long pid, LastErrorException cause) {
      super("the network of process " + pid + " cannot be entered: " + cause.getMessage(), cause);
    }
  }
}
