package io.quorate.agent.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.Volume;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VolumeDirectoriesTest {
  @TempDir Path directory;
  private Layout layout;
  private Path sandbox;
  private Path outside;
  private VolumeDirectories volumes;

  @BeforeEach
  void make() throws IOException {
    layout = new Layout(directory.resolve("work"));
    sandbox = Files.createDirectories(layout.sandboxes().resolve("S0/runs/R1"));
    outside = Files.createDirectory(directory.resolve("outside"));
    volumes = new VolumeDirectories(layout);
  }

  private static Resource volume(String id, String path) {
    Resource.Builder volume = Resource.newBuilder().setName("disk").setType(Value.Type.SCALAR);
    volume.getDiskBuilder().getPersistenceBuilder().setId(id);
    volume.getDiskBuilder().getVolumeBuilder().setMode(Volume.Mode.RW).setContainerPath(path);
    return volume.build();
  }

  private void mount(Resource volume) throws IOException {
    VolumeDirectories.mount(layout, sandbox, List.of(volume), Optional.empty());
  }

  @Test
  @DisplayName("a volume appears in the sandbox, below folders that are made, time and again")
  void shouldLink() throws IOException {
    Resource volume = volume("v", "deep/er/data");
    volumes.create(volume);
    mount(volume);
    mount(volume);
    Files.writeString(sandbox.resolve("deep/er/data/file"), "x");
    assertThat(layout.volume(volume).resolve("file")).hasContent("x");
  }

  @Test
  @DisplayName("a link of the task on the way to container_path is not followed")
  void shouldNotFollowLinks() throws IOException {
    Resource volume = volume("v", "way/data");
    volumes.create(volume);
    Files.createSymbolicLink(sandbox.resolve("way"), outside);
    Path file = Files.writeString(outside.resolve("data"), "kept");
    assertThatThrownBy(() -> mount(volume))
        .hasMessageContaining("'disk.volume.container_path' of volume 'v'")
        .hasMessageContaining("way/data");
    assertThat(file).hasContent("kept");
    assertThat(outside).isDirectoryNotContaining("glob:**/v");
  }

  @Test
  @DisplayName("a sandbox that has become a link is not used")
  void shouldNotEnterAnotherSandbox() throws IOException {
    Resource volume = volume("v", "data");
    volumes.create(volume);
    Files.delete(sandbox);
    Files.createSymbolicLink(sandbox, outside);
    assertThatThrownBy(() -> mount(volume)).isInstanceOf(IOException.class);
    assertThat(outside).isEmptyDirectory();
  }

  @Test
  @DisplayName("a volume goes with all that is in it, and what its links lead to stays")
  void shouldDestroy() throws IOException {
    Resource volume = volume("v", "data");
    volumes.create(volume);
    Path own = layout.volume(volume);
    Files.createSymbolicLink(own.resolve("out"), outside);
    Files.createDirectories(own.resolve("a/b"));
    Files.writeString(outside.resolve("kept"), "kept");
    volumes.destroy(volume);
    volumes.destroy(volume);
    assertThat(own).doesNotExist();
    assertThat(outside.resolve("kept")).hasContent("kept");
  }

  @Test
  @DisplayName("paths that lead out of the sandbox are refused by the field's name")
  void shouldRefusePaths() throws IOException {
    volumes.create(volume("v", "x"));
    for (String path : List.of("../x", "/x", "a/../../x", ".", "")) {
      assertThatThrownBy(() -> mount(volume("v", path)))
          .hasMessageContaining("'disk.volume.container_path' of volume 'v' must be a path");
    }
  }
}
