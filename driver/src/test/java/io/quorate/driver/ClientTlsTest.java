package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.protocol.v1.FrameworkInfo;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClientTlsTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String PASSWORD = "changeit";
  private static final FrameworkInfo INFO =
      FrameworkInfo.newBuilder().setUser("u").setName("n").build();

  @TempDir Path folder;

  @Test
  @DisplayName("with a CA file https:// masters are trusted, and without it they are not")
  void shouldTrustByPem() throws Exception {
    // given
    Path pem = Path.of(ClientTlsTest.class.getResource("master.pem").toURI());
    List<String> subscribed = new CopyOnWriteArrayList<>();
    ClientMetrics metrics =
        new ClientMetrics() {
          @Override
          public void subscribed(String address) {
            subscribed.add(address);
          }
        };
    try (FakeMaster master = FakeMaster.secure(certified());
        SchedulerClient wary =
            new SchedulerClient(List.of("https://" + master.address()), INFO, event -> {});
        SchedulerClient client =
            new SchedulerClient(List.of("https://" + master.address()), INFO, event -> {})) {
      // when
      wary.measure(metrics).start();
      client.trust(pem).authenticateWith("a.b.c").measure(metrics).start();
      await("a stream").atMost(LONG).until(() -> client.leader().isPresent());

      // then
      assertThat(client.send(CallFactory.revive()).join()).isEqualTo(new Outcome.Done());
      assertThat(subscribed).containsExactly(master.address());
      assertThat(master.authorizations).containsOnly("Bearer a.b.c");
    }
  }

  @Test
  @DisplayName("a CA file that holds no certificate is named")
  void shouldNameABadFile() throws IOException {
    // given
    Path file = Files.writeString(folder.resolve("empty.pem"), "");

    // when, then
    assertThatThrownBy(() -> TrustedAuthorities.ofPem(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("empty.pem holds no certificate");
  }

  /** Of a master whose certificate, valid for a century for 127.0.0.1, is its own authority. */
  private static SSLContext certified() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = ClientTlsTest.class.getResourceAsStream("master.p12")) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), null, null);
    return context;
  }
}
