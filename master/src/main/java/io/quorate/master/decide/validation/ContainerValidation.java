package io.quorate.master.decide.validation;

import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.Environment;
import io.quorate.protocol.v1.Volume;
import java.util.Optional;

/** The rules for the shape of commands and containers (Mesos 3.6.1, 9 and 10). */
public final class ContainerValidation {
  private ContainerValidation() {}

  public static Optional<String> validateEnvironment(CommandInfo command) {
    for (Environment.Variable variable : command.getEnvironment().getVariablesList()) {
      String where =
          "Environment variable '" + variable.getName() + "' of type '" + variable.getType();
      boolean value = variable.hasValue();
      boolean secret = variable.hasSecret();
      switch (variable.getType()) {
        case VALUE -> {
          if (!value) {
            return Optional.of(where + "' must have a value set");
          }
          if (secret) {
            return Optional.of(where + "' must not have a secret set");
          }
        }
        case SECRET -> {
          if (!secret) {
            return Optional.of(where + "' must have a secret set");
          }
          if (value) {
            return Optional.of(where + "' must not have a value set");
          }
        }
        case UNKNOWN -> {
          return Optional.of(where + "' is not allowed");
        }
      }
    }
    return Optional.empty();
  }

  /** The default instance, for no container, is well-shaped. */
  public static Optional<String> validate(ContainerInfo container) {
    for (Volume volume : container.getVolumesList()) {
      Optional<String> wrong = validate(volume);
      if (wrong.isPresent()) {
        return wrong.map(
            why -> "'container.volumes' at '" + volume.getContainerPath() + "': " + why);
      }
    }
    if (container.hasType()
        && container.getType() == ContainerInfo.Type.DOCKER
        && !container.hasDocker()) {
      return Optional.of("'container.docker' must be set for a container of type DOCKER");
    }
    boolean named =
        container.getDocker().getParametersList().stream()
            .anyMatch(parameter -> parameter.getKey().equals("name"));
    return named
        ? Optional.of("'container.docker.parameters' must not hold 'name'")
        : Optional.empty();
  }

  private static Optional<String> validate(Volume volume) {
    int from =
        (volume.hasHostPath() ? 1 : 0) + (volume.hasImage() ? 1 : 0) + (volume.hasSource() ? 1 : 0);
    if (from != 1) {
      return Optional.of("exactly one of 'host_path', 'image' and 'source' must be set");
    }
    if (!volume.hasSource()) {
      return Optional.empty();
    }
    Volume.Source source = volume.getSource();
    boolean fits =
        switch (source.getType()) {
          case DOCKER_VOLUME -> source.hasDockerVolume();
          case HOST_PATH -> source.hasHostPath();
          case SANDBOX_PATH -> source.hasSandboxPath();
          case SECRET -> source.hasSecret();
          case CSI_VOLUME -> source.hasCsiVolume();
          case UNKNOWN -> false;
        };
    return fits
        ? Optional.empty()
        : Optional.of("'source' of type " + source.getType() + " lacks its own field");
  }

  /** What agents of this release cannot do is refused by the field's name, never ignored. */
  public static Optional<String> unsupported(String whose, ContainerInfo container) {
    if (!container.hasType()) {
      return Optional.empty();
    }
    return unsupportedField(container)
        .map(field -> whose + "'s 'container." + field + " is not part of this release");
  }

  /** The first of the fields, with the quotation mark that ends it and with its value. */
  private static Optional<String> unsupportedField(ContainerInfo container) {
    if (container.getType() == ContainerInfo.Type.DOCKER) {
      return unsupportedByDocker(container);
    }
    if (container.getVolumesCount() > 0) {
      return Optional.of("volumes'");
    }
    if (container.getMesos().hasImage()) {
      return Optional.of("mesos.image'");
    }
    if (container.getNetworkInfosCount() > 0) {
      return Optional.of("network_infos'");
    }
    if (container.hasLinuxInfo()) {
      return Optional.of("linux_info'");
    }
    if (container.hasRlimitInfo()) {
      return Optional.of("rlimit_info'");
    }
    if (container.hasTtyInfo()) {
      return Optional.of("tty_info'");
    }
    return container.hasHostname() ? Optional.of("hostname'") : Optional.empty();
  }

  /** What an agent cannot ask of Docker, whatever its flags; the rest is the agent's to say. */
  private static Optional<String> unsupportedByDocker(ContainerInfo container) {
    if (container.hasLinuxInfo()) {
      return Optional.of("linux_info'");
    }
    for (Volume volume : container.getVolumesList()) {
      if (volume.hasImage()) {
        return Optional.of("volumes.image'");
      }
      if (volume.getSource().hasSecret() || volume.getSource().hasCsiVolume()) {
        return Optional.of("volumes.source' of type " + volume.getSource().getType());
      }
    }
    return Optional.empty();
  }
}
