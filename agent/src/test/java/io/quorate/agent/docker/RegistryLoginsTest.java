package io.quorate.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class RegistryLoginsTest {
  private static final String PAIR =
      Base64.getEncoder().encodeToString("me:secret".getBytes(StandardCharsets.UTF_8));

  private static String login(RegistryLogins logins, String image) {
    return logins
        .login(ImageName.of(image))
        .map(header -> new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8))
        .orElse("none");
  }

  @Test
  @DisplayName("a login is for the registry that an image names, in config.json and in .dockercfg")
  void shouldFindTheLogin() throws IOException {
    // given
    String auths =
        "{\"r.example:5000\":{\"auth\":\"%s\"},\"https://index.docker.io/v1/\":{\"auth\":\"%s\"}}"
            .formatted(PAIR, PAIR);
    // when
    RegistryLogins logins = RegistryLogins.read("{\"auths\":" + auths + "}");
    RegistryLogins old = RegistryLogins.read(auths);
    // then
    assertThat(login(logins, "r.example:5000/a/b:1"))
        .isEqualTo(
            "{\"serveraddress\":\"r.example:5000\",\"username\":\"me\",\"password\":\"secret\"}");
    assertThat(login(old, "library/busybox")).contains("\"password\":\"secret\"");
    assertThat(login(old, "other.example/busybox")).isEqualTo("none");
  }

  @Test
  @DisplayName("nothing of a login is in a message")
  void shouldKeepSecrets() throws IOException {
    assertThat(RegistryLogins.read("{\"auths\":{\"r\":{\"auth\":\"" + PAIR + "\"}}}").toString())
        .doesNotContain(PAIR);
    assertThatThrownBy(() -> RegistryLogins.read("secret{"))
        .isInstanceOf(IOException.class)
        .hasMessage("the Docker config is no JSON")
        .hasNoCause();
  }

  @Test
  @DisplayName("names of images have a registry, a tag or a digest, or what Docker takes for them")
  void shouldReadNames() {
    assertThat(ImageName.of("busybox")).isEqualTo(new ImageName("busybox", "latest"));
    assertThat(ImageName.of("r:5000/a")).isEqualTo(new ImageName("r:5000/a", "latest"));
    assertThat(ImageName.of("r:5000/a:2")).isEqualTo(new ImageName("r:5000/a", "2"));
    assertThat(ImageName.of("a@sha256:0")).isEqualTo(new ImageName("a", "sha256:0"));
    assertThat(ImageName.of("a/b").registry()).isEqualTo("docker.io");
    assertThat(ImageName.of("localhost/b").registry()).isEqualTo("localhost");
  }
}
