package io.quorate.agent.check;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.protocol.v1.HealthCheck;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HealthTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Probe.Result FINE = Probe.Result.of(0, "");
  private static final Probe.Result BAD = Probe.Result.of(1, "bad");

  private static Health health(HealthCheck.Type type) {
    return new Health(HealthCheck.newBuilder().setType(type).build(), 0);
  }

  private static Optional<Health.News> bad(boolean kill) {
    return Optional.of(new Health.News(false, kill, "bad"));
  }

  private static Optional<Health.News> fine() {
    return Optional.of(new Health.News(true, false, ""));
  }

  @Test
  @DisplayName("CP-353 the third failure in a row is one too many; a success between counts anew")
  void shouldCount() {
    Health health = health(HealthCheck.Type.COMMAND);
    assertThat(health.took(BAD, 11 * SECOND)).isEqualTo(bad(false));
    assertThat(health.took(BAD, 21 * SECOND)).isEqualTo(bad(false));
    assertThat(health.took(FINE, 31 * SECOND)).isEqualTo(fine());
    assertThat(health.took(FINE, 41 * SECOND)).isEmpty();
    assertThat(health.took(BAD, 51 * SECOND)).isEqualTo(bad(false));
    assertThat(health.took(BAD, 61 * SECOND)).isEqualTo(bad(false));
    assertThat(health.took(Probe.Result.none("bad"), 71 * SECOND)).isEqualTo(bad(true));
  }

  @Test
  @DisplayName("CP-354 failures in the grace period of 10 s do not count, unless it was healthy")
  void shouldBePatient() {
    Health health = health(HealthCheck.Type.COMMAND);
    assertThat(health.took(BAD, 1 * SECOND)).isEmpty();
    assertThat(health.took(BAD, 9 * SECOND)).isEmpty();
    assertThat(health.took(BAD, 10 * SECOND)).isEqualTo(bad(false));
    Health other = health(HealthCheck.Type.COMMAND);
    assertThat(other.took(FINE, 1 * SECOND)).isEqualTo(fine());
    assertThat(other.took(BAD, 2 * SECOND)).isEqualTo(bad(false));
  }

  @Test
  @DisplayName("CP-355 HTTP is fine from 200 to 399, TCP when it connects, a command with 0")
  void shouldJudge() {
    for (int status : new int[] {200, 204, 302, 399}) {
      assertThat(health(HealthCheck.Type.HTTP).took(Probe.Result.of(status, ""), 0))
          .as("%d", status)
          .isEqualTo(fine());
    }
    for (int status : new int[] {199, 400, 404, 500}) {
      assertThat(health(HealthCheck.Type.HTTP).took(Probe.Result.of(status, "bad"), 11 * SECOND))
          .as("%d", status)
          .isEqualTo(bad(false));
    }
    assertThat(health(HealthCheck.Type.TCP).took(Probe.Result.of(1, ""), 0)).isEqualTo(fine());
    assertThat(health(HealthCheck.Type.TCP).took(Probe.Result.of(0, "bad"), 11 * SECOND))
        .isEqualTo(bad(false));
  }
}
