package io.quorate.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExposureTest {
  private static final String ALL_ADDRESSES = "0.0.0.0";
  private static final String OPEN = "run commands";

  @Test
  @DisplayName("an address that others reach, without a password, is refused with what to do")
  void shouldRefuseOpenDaemons() {
    assumeTrue(
        Exposure.reachable(ALL_ADDRESSES), "this machine has no network that others could use");

    assertThat(Exposure.refusal(ALL_ADDRESSES, OPEN, false).orElseThrow())
        .contains("--ip=0.0.0.0", OPEN, "--credentials", "--insecure");
  }

  @Test
  @DisplayName("loopback, passwords, or the operator's word let a daemon start")
  void shouldLetGuardedDaemonsStart() {
    assertThat(Exposure.refusal("127.0.0.1", OPEN, false)).isEmpty();
    assertThat(Exposure.refusal("::1", OPEN, false)).isEmpty();
    assertThat(Exposure.refusal(ALL_ADDRESSES, "", false)).isEmpty();
    assertThat(Exposure.refusal(ALL_ADDRESSES, OPEN, true)).isEmpty();
  }
}
