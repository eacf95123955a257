package io.quorate.protocol.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.PrometheusNaming;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The numbers of {@code /metrics/snapshot} in the text format of Prometheus.
 *
 * <p>{@code master/tasks_running} becomes {@code quorate_master_tasks_running}. A counter ends in
 * {@code _total}, and nothing else does, as Prometheus's conventions have it: {@code
 * master/cpus_total}, which is no counter, is {@code quorate_master_cpus}. What Mesos writes into
 * the name of a framework's metric are labels here.
 */
public final class PrometheusText {
  /** The content type of the format. */
  public static final String CONTENT_TYPE = PrometheusTextFormatWriter.CONTENT_TYPE;

  private static final String PREFIX = "quorate_";
  private static final String OWN = "quorate/";
  private static final String OF_FRAMEWORKS = "master/frameworks/";
  private static final int PARTS_OF_A_FRAMEWORK = 3;

  private PrometheusText() {}

  /**
   * Writes all metrics.
   *
   * @param metrics by Mesos's name
   * @param counters those of the names that only ever grow while a daemon lives
   * @throws IOException if the stream does
   */
  public static void write(Map<String, Double> metrics, Set<String> counters, OutputStream out)
      throws IOException {
    SortedMap<String, CounterSnapshot.Builder> counts = new TreeMap<>();
    SortedMap<String, GaugeSnapshot.Builder> gauges = new TreeMap<>();
    for (Map.Entry<String, Double> metric : new TreeMap<>(metrics).entrySet()) {
      Series series = Series.of(metric.getKey());
      if (counters.contains(metric.getKey())) {
        counts
            .computeIfAbsent(series.name(), name -> CounterSnapshot.builder().name(name))
            .dataPoint(
                CounterDataPointSnapshot.builder()
                    .value(metric.getValue())
                    .labels(series.labels())
                    .build());
      } else {
        gauges
            .computeIfAbsent(series.name(), name -> GaugeSnapshot.builder().name(name))
            .dataPoint(
                GaugeDataPointSnapshot.builder()
                    .value(metric.getValue())
                    .labels(series.labels())
                    .build());
      }
    }
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    counts.values().forEach(counter -> all.metricSnapshot(counter.build()));
    gauges.values().forEach(gauge -> all.metricSnapshot(gauge.build()));
    PrometheusTextFormatWriter.create().write(out, all.build());
  }

  /** A name and labels of Prometheus. */
  private record Series(String name, Labels labels) {
    static Series of(String metric) {
      if (metric.startsWith(OF_FRAMEWORKS)) {
        String[] parts = metric.substring(OF_FRAMEWORKS.length()).split("/", PARTS_OF_A_FRAMEWORK);
        if (parts.length == PARTS_OF_A_FRAMEWORK) {
          return new Series(
              named("framework/" + parts[2]),
              Labels.of(
                  "framework",
                  URLDecoder.decode(parts[0], StandardCharsets.UTF_8),
                  "framework_id",
                  parts[1]));
        }
      }
      return new Series(
          named(metric.startsWith(OWN) ? metric.substring(OWN.length()) : metric), Labels.EMPTY);
    }

    /** Underscores, and none of the endings that Prometheus keeps for itself. */
    private static String named(String metric) {
      return PrometheusNaming.sanitizeMetricName(PREFIX + metric.replaceAll("[^a-zA-Z0-9]+", "_"));
    }
  }
}
