package io.quorate.agent.executor;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import io.quorate.agent.state.ExecutorId;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TokenForgeryTest {
  private static final ExecutorTokens TOKENS = ExecutorTokens.of(new byte[32]);
  private static final String TOKEN = TOKENS.token(new ExecutorId("f", "e \"1\""), "c");

  @Test
  @DisplayName("a token names its container, again and again")
  void shouldNameTheContainer() {
    assertThat(TOKENS.container(TOKEN)).contains("c");
    assertThat(TOKENS.token(new ExecutorId("f", "e \"1\""), "c")).isEqualTo(TOKEN);
  }

  @Test
  @DisplayName("what this agent did not make is no token: other keys, no signature, rubbish")
  void shouldRefuseForgeries() {
    // given
    byte[] otherKey = new byte[32];
    otherKey[0] = 1;
    String unsigned =
        new PlainJWT(new JWTClaimsSet.Builder().claim("cid", "c").build()).serialize();
    // when, then
    assertThat(ExecutorTokens.of(otherKey).container(TOKEN)).isEmpty();
    assertThat(TOKENS.container(unsigned)).isEmpty();
    assertThat(TOKENS.container(TOKEN.substring(0, TOKEN.length() - 4) + "AAAA")).isEmpty();
    assertThat(TOKENS.container("")).isEmpty();
    assertThat(TOKENS.container("a.b.c")).isEmpty();
    assertThat(TOKENS.container("x".repeat(100_000))).isEmpty();
  }
}
