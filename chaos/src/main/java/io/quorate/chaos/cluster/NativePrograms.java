package io.quorate.chaos.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Programs in C of the harness, compiled on first use and kept by the hash of their source. */
public final class NativePrograms {
  private static final Duration COMPILE_MAX = Duration.ofSeconds(60);

  private NativePrograms() {}

  /** A library for {@code LD_PRELOAD}, from a source among the resources. */
  public static Path library(String source) throws IOException {
    return compiled(source, ".so", List.of("-shared", "-fPIC"));
  }

  /** A program, from a source among the resources. */
  public static Path program(String source) throws IOException {
    return compiled(source, "", List.of());
  }

  private static Path compiled(String source, String suffix, List<String> flags)
      throws IOException {
    byte[] text;
    try (InputStream in = NativePrograms.class.getResourceAsStream("/c/" + source)) {
      if (in == null) {
        throw new IOException("there is no source " + source);
      }
      text = in.readAllBytes();
    }
    Path cache = Path.of(System.getProperty("user.home"), ".cache", "quorate", "c");
    Files.createDirectories(cache);
    Path made = cache.resolve(source.replace(".c", "-" + hash(text) + suffix));
    if (!Files.exists(made)) {
      Path file = Files.createTempFile(cache, "source", ".c");
      Path next = Files.createTempFile(cache, "made", suffix);
      Files.write(file, text);
      List<String> command = new ArrayList<>(List.of("gcc", "-O2"));
      command.addAll(flags);
      command.addAll(List.of("-o", next.toString(), file.toString(), "-ldl", "-lpthread"));
      try {
        Shell.run(COMPILE_MAX, command);
      } catch (IOException e) {
        throw new IOException(source + " needs gcc and libc6-dev: " + e.getMessage(), e);
      } finally {
        Files.delete(file);
      }
      Files.move(next, made, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
    return made;
  }

  private static String hash(byte[] text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(hash).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
