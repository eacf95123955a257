package io.quorate.protocol.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {

  private static String written(Map<String, Double> metrics, String... counters)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PrometheusText.write(metrics, Set.of(counters), out);
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("a gauge keeps Mesos's name, with a prefix and underscores")
  void shouldNameGauges() throws IOException {
    assertThat(written(Map.of("master/tasks_running", 3.0)))
        .contains("# TYPE quorate_master_tasks_running gauge\nquorate_master_tasks_running 3.0\n");
  }

  @Test
  @DisplayName("a counter ends in _total")
  void shouldNameCounters() throws IOException {
    assertThat(written(Map.of("master/tasks_finished", 2.0), "master/tasks_finished"))
        .contains("# TYPE quorate_master_tasks_finished_total counter\n")
        .contains("quorate_master_tasks_finished_total 2.0\n");
  }

  @Test
  @DisplayName("what is no counter does not end in _total")
  void shouldNotNameGaugesAsCounters() throws IOException {
    assertThat(written(Map.of("master/cpus_total", 8.0, "system/mem_total_bytes", 1.0)))
        .contains("quorate_master_cpus 8.0\n")
        .contains("quorate_system_mem_total_bytes 1.0\n");
  }

  @Test
  @DisplayName("a framework's name, decoded, and its id are labels")
  void shouldLabelFrameworks() throws IOException {
    Map<String, Double> metrics =
        Map.of(
            "master/frameworks/my%20%22b%2Fc%22+/c-0001/offers/accepted", 1.0,
            "master/frameworks/my%20%22b%2Fc%22+/c-0002/offers/accepted", 4.0);
    String[] counters = metrics.keySet().toArray(new String[0]);

    assertThat(written(metrics, counters))
        .containsOnlyOnce("# TYPE quorate_framework_offers_accepted_total counter")
        .contains(
            "quorate_framework_offers_accepted_total"
                + "{framework=\"my \\\"b/c\\\" \",framework_id=\"c-0001\"} 1.0\n")
        .contains(
            "quorate_framework_offers_accepted_total"
                + "{framework=\"my \\\"b/c\\\" \",framework_id=\"c-0002\"} 4.0\n");
  }

  @Test
  @DisplayName("our own metrics are named once")
  void shouldNotRepeatThePrefix() throws IOException {
    assertThat(written(Map.of("quorate/term", 5.0))).contains("\nquorate_term 5.0\n");
  }
}
