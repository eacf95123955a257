package io.quorate.examples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

/** An example that runs on a thread of the test's, or as a process, and what it printed. */
final class RunningExample {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<Integer> over = new CompletableFuture<>();

  private RunningExample() {}

  /** A program in this JVM. */
  interface Program {
    void run(PrintStream out) throws Exception;
  }

  static RunningExample of(Program program) {
    RunningExample example = new RunningExample();
    PrintStream out = new PrintStream(example.bytes, true, StandardCharsets.UTF_8);
    example.start(
        () -> {
          program.run(out);
          return 0;
        });
    return example;
  }

  static RunningExample ofProcess(String... command) throws IOException {
    RunningExample example = new RunningExample();
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    example.start(
        () -> {
          try (InputStream in = process.getInputStream()) {
            in.transferTo(example.bytes);
          }
          return process.waitFor();
        });
    return example;
  }

  private void start(Callable<Integer> program) {
    Thread thread =
        new Thread(
            () -> {
              try {
                over.complete(program.call());
              } catch (Exception | Error e) {
                over.completeExceptionally(e);
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** Its exit status. */
  CompletableFuture<Integer> over() {
    return over;
  }

  String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  long count(String text) {
    return printed().lines().filter(line -> line.contains(text)).count();
  }
}
