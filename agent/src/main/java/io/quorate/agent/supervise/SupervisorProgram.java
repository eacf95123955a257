package io.quorate.agent.supervise;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;

/**
 * Puts the program {@code quorate-supervisor} where the agent runs it from. The build packs it for
 * the architectures that it has compilers for; for another one it is compiled here from its source,
 * which is packed as well.
 */
public final class SupervisorProgram {
  private static final String NAME = "quorate-supervisor";
  private static final int COMPILE_SECONDS_MAX = 60;
  private static final int SAID_MAX = 500;

  private SupervisorProgram() {}

  /**
   * Puts the program into a folder, in place of one that is there.
   *
   * @param folder the agent's alone
   * @throws IOException if there is neither a program for this machine nor a compiler, or it cannot
   *     be written or run; the message says what to do
   */
  public static Supervisor install(Path folder) throws IOException {
    Path program = folder.resolve(NAME);
    Path next = Files.createTempFile(folder, NAME, null);
    try {
      try (InputStream packed =
          SupervisorProgram.class.getResourceAsStream(NAME + "." + architecture())) {
        if (packed == null) {
          compile(folder, next);
        } else {
          Files.copy(packed, next, StandardCopyOption.REPLACE_EXISTING);
        }
      }
      Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rwxr-xr-x"));
      // Those that run keep the old one.
      Files.move(
          next, program, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(next);
    }
    return validated(new Supervisor(program.toAbsolutePath()));
  }

  /** One that cannot be run here is found now, and not at the first task. */
  private static Supervisor validated(Supervisor supervisor) throws IOException {
    try {
      Process process =
          new ProcessBuilder(supervisor.program().toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      process.getOutputStream().close();
      if (process.waitFor() == Supervisor.NOT_STARTED) {
        return supervisor;
      }
      throw new IOException("it exits with " + process.exitValue());
    } catch (IOException e) {
      throw new IOException(
          supervisor.program()
              + " cannot be run ("
              + e.getMessage()
              + "): the --work_dir must be on a file system without noexec",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the agent stops", e);
    }
  }

  private static String architecture() {
    String name = System.getProperty("os.arch");
    return name.equals("amd64") ? "x86_64" : name;
  }

  private static void compile(Path folder, Path program) throws IOException {
    Path source = folder.resolve(NAME + ".c");
    Path said = Files.createTempFile(folder, NAME, ".log");
    try (InputStream packed = SupervisorProgram.class.getResourceAsStream(NAME + ".c")) {
      Files.copy(packed, source, StandardCopyOption.REPLACE_EXISTING);
      Process process =
          new ProcessBuilder("cc", "-std=gnu11", "-O1", "-o", program.toString(), source.toString())
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      boolean done = process.waitFor(COMPILE_SECONDS_MAX, TimeUnit.SECONDS);
      if (!done || process.exitValue() != 0) {
        process.destroyForcibly();
        String text = Files.readString(said);
        throw new IOException(text.substring(0, Math.min(text.length(), SAID_MAX)));
      }
    } catch (IOException e) {
      throw new IOException(
          "this build has no supervisor for "
              + architecture()
              + ", and it cannot be compiled here: install a C compiler (Debian, Ubuntu: apt-get"
              + " install gcc libc6-dev). "
              + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the agent stops", e);
    } finally {
      Files.deleteIfExists(said);
      Files.deleteIfExists(source);
    }
  }
}
