package io.quorate.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.protocol.http.Endpoint.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SitePolicyTest {
  private static final String OWN = "127.0.0.1:5050";
  private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64)";

  private final SitePolicy policy =
      new SitePolicy(
          List.of("https://ops.example", "http://Tools.example:8080"),
          Optional.of(Set.of("master1.example")),
          authority -> authority.equals("127.0.0.1:5051"));

  private Optional<Integer> judge(Kind kind, String method, boolean jsonp, String... headers) {
    Map<String, String> all = new HashMap<>();
    all.put("Host", OWN);
    for (int i = 0; i < headers.length; i += 2) {
      all.put(headers[i], headers[i + 1]);
    }
    return policy.judge(kind, method, jsonp, all::get).map(SitePolicy.Refusal::status);
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, http://other.example",
    "Origin, null",
    "Origin, http://127.0.0.1:9999",
    "Origin, http://localhost:5050",
    "Origin, https://127.0.0.1:5050.other.example",
    "Origin, http://ops.example",
    "Sec-Fetch-Site, cross-site",
    "Sec-Fetch-Site, same-site",
    "Referer, http://other.example/page",
    "Referer, about:blank"
  })
  @DisplayName("orders, calls and scripts for a page of another site are refused")
  void shouldRefuseOtherSites(String header, String value) {
    for (Kind kind : List.of(Kind.CALL, Kind.FORM_ORDER, Kind.ORDER)) {
      for (String method : List.of("POST", "PUT", "DELETE", "PATCH")) {
        assertThat(judge(kind, method, false, header, value)).contains(403);
      }
    }
    assertThat(judge(Kind.VIEW, "GET", true, header, value)).contains(403);
    assertThat(judge(Kind.VIEW, "GET", false, header, value, "Authorization", "Basic eA=="))
        .contains(403);
    assertThat(judge(Kind.ORDER, "GET", true, header, value)).contains(403);
  }

  @ParameterizedTest
  @CsvSource({
    "Origin, http://127.0.0.1:5050",
    "Origin, https://ops.example",
    "Origin, https://ops.example:443",
    "Origin, http://tools.example:8080",
    "Origin, http://127.0.0.1:5051",
    "Sec-Fetch-Site, same-origin",
    "Sec-Fetch-Site, none",
    "Referer, http://127.0.0.1:5050/page?a#b",
    "User-Agent, curl/8.0"
  })
  @DisplayName("pages of the port itself, of allowed origins and of masters may do all")
  void shouldLetOurs(String header, String value) {
    for (Kind kind : Kind.values()) {
      assertThat(judge(kind, "POST", false, header, value, "Content-Type", "application/json"))
          .isEmpty();
    }
    assertThat(judge(Kind.VIEW, "GET", true, header, value)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "TEXT/PLAIN;charset=UTF-8",
        "multipart/form-data; boundary=x",
        " application/x-www-form-urlencoded"
      })
  @DisplayName("what any page's form can send is no order of ours")
  void shouldRefuseForms(String type) {
    assertThat(judge(Kind.ORDER, "POST", false, "Content-Type", type)).contains(415);
  }

  @Test
  @DisplayName("orders of before v1 come as forms, as clients of Mesos send them")
  void shouldTakeFormsOfOld() {
    String form = "application/x-www-form-urlencoded";
    assertThat(judge(Kind.FORM_ORDER, "POST", false, "Content-Type", form)).isEmpty();
    assertThat(judge(Kind.FORM_ORDER, "POST", false, "Content-Type", "text/plain")).contains(415);
  }

  @Test
  @DisplayName("a browser that hides its page gets no script and sends no form")
  void shouldNotTrustTheHidden() {
    String form = "application/x-www-form-urlencoded";
    assertThat(judge(Kind.VIEW, "GET", true, "User-Agent", BROWSER)).contains(403);
    assertThat(judge(Kind.FORM_ORDER, "POST", false, "User-Agent", BROWSER, "Content-Type", form))
        .contains(403);
    assertThat(judge(Kind.ORDER, "POST", false, "User-Agent", BROWSER)).contains(403);
    assertThat(judge(Kind.VIEW, "GET", false, "User-Agent", BROWSER)).isEmpty();
  }

  @Test
  @DisplayName("a link of another site may be followed, also by who is logged in")
  void shouldLetLinksBeFollowed() {
    assertThat(
            judge(
                Kind.VIEW,
                "GET",
                false,
                "Sec-Fetch-Site",
                "cross-site",
                "Sec-Fetch-Mode",
                "navigate",
                "Authorization",
                "Basic eA=="))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:5050",
        "127.0.0.1:5050",
        "127.0.0.1",
        "[::1]:5050",
        "[::1]",
        "master1.example:80",
        "Master1.Example.",
        "a.localhost:1",
        "x"
      })
  @DisplayName("addresses, names without a dot and the port's own names are taken")
  void shouldKnowItsNames(String host) {
    assertThat(policy.host(host)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "other.example",
        "other.example:5050",
        "127.0.0.1.other.example",
        "localhost.other.example",
        "master1.example.other.example",
        "1.2.3.4.5"
      })
  @DisplayName("a name that somebody could have registered is refused (DNS rebinding)")
  void shouldRefuseStrangeNames(String host) {
    assertThat(policy.host(host).map(SitePolicy.Refusal::status)).contains(403);
  }

  @Test
  @DisplayName("what is no origin is refused at the start")
  void shouldRefuseBadOrigins() {
    for (String origin : List.of("*", "ops.example", "ftp://ops.example", "http://")) {
      assertThatThrownBy(
              () -> new SitePolicy(List.of(origin), Optional.empty(), authority -> false))
          .hasMessageContaining(origin);
    }
  }
}
