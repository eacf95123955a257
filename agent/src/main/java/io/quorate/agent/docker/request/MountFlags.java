package io.quorate.agent.docker.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** The flags of {@code docker run} that say what is mounted in a container. */
final class MountFlags {
  private static final int OCTAL = 8;

  private MountFlags() {}

  /** {@code [source:]target[:options]}, in which the source is an absolute path or a name. */
  static void volume(CreateRequest request, String value) {
    if (value.indexOf(':') < 0) {
      request.container().withObject("/Volumes").putObject(value);
      return;
    }
    if (value.startsWith(".") || value.startsWith("~")) {
      throw new IllegalArgumentException("must begin with an absolute path or a volume's name");
    }
    request.hostList("Binds").add(value);
  }

  static void tmpfs(CreateRequest request, String value) {
    int colon = value.indexOf(':');
    request
        .host()
        .withObject("/Tmpfs")
        .put(
            colon < 0 ? value : value.substring(0, colon),
            colon < 0 ? "" : value.substring(colon + 1));
  }

  /** {@code type=...,source=...,target=...} and more. */
  static void mount(CreateRequest request, String value) {
    ObjectNode mount = request.hostList("Mounts").addObject().put("Type", "volume");
    FlagSyntax.fields(value)
        .forEach((field, values) -> values.forEach(one -> set(mount, field, one)));
    if (!mount.has("Target")) {
      throw new IllegalArgumentException("must name a target");
    }
  }

  private static void set(ObjectNode mount, String field, String value) {
    switch (field) {
      case "type" -> mount.put("Type", value);
      case "source", "src" -> mount.put("Source", value);
      case "target", "dst", "destination" -> mount.put("Target", value);
      case "readonly", "ro" -> mount.put("ReadOnly", FlagSyntax.bool(value));
      case "consistency" -> mount.put("Consistency", value);
      case "bind-propagation" -> mount.withObject("/BindOptions").put("Propagation", value);
      case "bind-nonrecursive" ->
          mount.withObject("/BindOptions").put("NonRecursive", FlagSyntax.bool(value));
      case "bind-create-src" ->
          mount.withObject("/BindOptions").put("CreateMountpoint", FlagSyntax.bool(value));
      case "volume-nocopy" ->
          mount.withObject("/VolumeOptions").put("NoCopy", FlagSyntax.bool(value));
      case "volume-subpath" -> mount.withObject("/VolumeOptions").put("Subpath", value);
      case "volume-driver" -> driver(mount).put("Name", value);
      case "volume-opt" -> {
        Map.Entry<String, String> pair = FlagSyntax.pair(value);
        driver(mount).withObject("/Options").put(pair.getKey(), pair.getValue());
      }
      case "volume-label" -> {
        List<String> words = List.of(value.split("=", 2));
        mount
            .withObject("/VolumeOptions")
            .withObject("/Labels")
            .put(words.get(0), words.size() == 2 ? words.get(1) : "");
      }
      case "tmpfs-size" ->
          mount.withObject("/TmpfsOptions").put("SizeBytes", FlagSyntax.bytes(value));
      case "tmpfs-mode" -> mount.withObject("/TmpfsOptions").put("Mode", mode(value));
      default -> throw new IllegalArgumentException("has the unknown field '" + field + "'");
    }
  }

  private static int mode(String value) {
    try {
      return Integer.parseInt(value, OCTAL);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("must have a mode in octal, not '" + value + "'", e);
    }
  }

  private static ObjectNode driver(ObjectNode mount) {
    return mount.withObject("/VolumeOptions").withObject("/DriverConfig");
  }
}
