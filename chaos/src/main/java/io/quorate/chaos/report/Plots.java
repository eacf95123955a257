package io.quorate.chaos.report;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Pictures of the same data as the page, for where no browser is at hand. */
final class Plots {
  private static final int WIDTH = 1400;
  private static final int HEIGHT = 560;
  private static final double MILLI = 1e6;
  private static final double SECOND = 1e9;

  /** Told apart also by those who do not see red and green as different. */
  private static final Color[] COLOURS = {
    new Color(0x0072b2), new Color(0xe69f00), new Color(0x009e73), new Color(0xcc79a7),
    new Color(0x56b4e9), new Color(0xd55e00), new Color(0x7f7f7f), new Color(0xb8a800)
  };

  private final Run run;

  private Plots(Run run) {
    this.run = run;
  }

  /**
   * Writes them into a directory.
   *
   * @return their names; empty if this machine cannot draw text (no fonts)
   */
  static List<String> write(Path directory, Run run, List<Series> series) throws IOException {
    System.setProperty("java.awt.headless", "true");
    Plots plots = new Plots(run);
    List<String> names = new ArrayList<>();
    try {
      names.add(save(directory, "latency.png", plots.latency(series)));
      names.add(save(directory, "rate.png", plots.rate(series)));
      names.add(save(directory, "timeline.png", plots.timeline()));
      names.add(save(directory, "terms.png", plots.terms()));
    } catch (LinkageError | InternalError | NullPointerException e) {
      // What AWT throws without its native fonts.
      System.err.println("quorate chaos: no plots, as text cannot be drawn here: " + e);
    }
    return names;
  }

  private static String save(Path directory, String name, XYChart chart) throws IOException {
    BitmapEncoder.saveBitmap(
        chart, directory.resolve(name).toString(), BitmapEncoder.BitmapFormat.PNG);
    return name;
  }

  private XYChart chart(String title, String y) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("seconds")
            .yAxisTitle(y)
            .build();
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotGridLinesColor(new Color(0xdddddd));
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setXAxisMin(0.0);
    chart.getStyler().setXAxisMax(run.lengthNanos() / SECOND);
    chart.getStyler().setSeriesColors(COLOURS);
    return chart;
  }

  /** A band across the plot for each strike; of one nemesis all in one colour. */
  private void bands(XYChart chart, double low, double high) {
    List<String> nemeses = run.strikes().stream().map(FaultInterval::nemesis).distinct().toList();
    for (int i = 0; i < run.strikes().size(); i++) {
      FaultInterval strike = run.strikes().get(i);
      int nemesis = nemeses.indexOf(strike.nemesis());
      boolean first =
          run.strikes().stream()
                  .filter(other -> other.nemesis().equals(strike.nemesis()))
                  .findFirst()
                  .orElseThrow()
              == strike;
      double from = strike.from() / SECOND;
      double to = Math.max(strike.to() / SECOND, from + run.lengthNanos() / SECOND / WIDTH);
      XYSeries band =
          chart.addSeries(
              first ? strike.nemesis() : strike.nemesis() + " " + i,
              new double[] {from, from, to, to},
              new double[] {low, high, high, low});
      Color colour = COLOURS[(COLOURS.length - 1 - nemesis % COLOURS.length)];
      band.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Area);
      band.setFillColor(new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), 40));
      band.setLineColor(new Color(0, 0, 0, 0));
      band.setMarker(SeriesMarkers.NONE);
      band.setShowInLegend(first);
    }
    chart.getStyler().setYAxisMin(low);
    chart.getStyler().setYAxisMax(high);
  }

  private XYChart latency(List<Series> series) {
    XYChart chart = chart("Latency of each operation", "milliseconds");
    chart.getStyler().setYAxisLogarithmic(true);
    double slowest =
        run.operations().stream().mapToLong(RunOperation::latency).max().orElse(1) / MILLI;
    bands(chart, 0.1, Math.pow(10, Math.ceil(Math.log10(Math.max(slowest, 1)))));
    for (Series sery : series) {
      for (OperationOutcome outcome : OperationOutcome.values()) {
        scatter(
            chart,
            sery.f() + " " + outcome.word(),
            operations(sery.f(), outcome),
            operation -> operation.start() / SECOND,
            operation -> Math.max(0.1, operation.latency() / MILLI));
      }
    }
    return chart;
  }

  private List<RunOperation> operations(String f, OperationOutcome outcome) {
    return run.operations().stream()
        .filter(operation -> operation.f().equals(f) && operation.outcome() == outcome)
        .toList();
  }

  private static <T> void scatter(
      XYChart chart, String name, List<T> points, ToDoubleFunction<T> x, ToDoubleFunction<T> y) {
    if (!points.isEmpty()) {
      XYSeries series =
          chart.addSeries(
              name,
              points.stream().mapToDouble(x).toArray(),
              points.stream().mapToDouble(y).toArray());
      series.setXYSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
      series.setMarker(SeriesMarkers.CIRCLE);
    }
    chart.getStyler().setMarkerSize(4);
  }

  private XYChart rate(List<Series> series) {
    XYChart chart = chart("Operations that ended so, a second", "operations a second");
    double most =
        series.stream()
            .flatMap(kind -> kind.perSecond().values().stream())
            .flatMapToDouble(java.util.Arrays::stream)
            .max()
            .orElse(1);
    bands(chart, 0, Math.max(1, most));
    for (Series kind : series) {
      for (OperationOutcome outcome : OperationOutcome.values()) {
        double[] rates = kind.perSecond().get(outcome);
        if (kind.counts().get(outcome) > 0) {
          double[] times = new double[rates.length];
          for (int i = 0; i < times.length; i++) {
            times[i] = kind.middle(i) / SECOND;
          }
          chart
              .addSeries(kind.f() + " " + outcome.word(), times, rates)
              .setMarker(SeriesMarkers.NONE);
        }
      }
    }
    return chart;
  }

  private XYChart timeline() {
    List<String> processes = run.processes();
    XYChart chart = chart("When each process began what", "");
    bands(chart, -0.5, Math.max(1, processes.size()) - 0.5);
    chart.setCustomYAxisTickLabelsFormatter(at -> label(processes, at));
    for (OperationOutcome outcome : OperationOutcome.values()) {
      List<RunOperation> own =
          run.operations().stream().filter(operation -> operation.outcome() == outcome).toList();
      scatter(
          chart,
          outcome.word(),
          own,
          operation -> operation.start() / SECOND,
          // So that three kinds of endings are not drawn over each other.
          operation -> processes.indexOf(operation.process()) + (outcome.ordinal() - 1) * 0.2);
    }
    return chart;
  }

  private static String label(List<String> names, double at) {
    int i = (int) Math.round(at);
    return Math.abs(at - i) < 1e-6 && i >= 0 && i < names.size() ? names.get(i) : "";
  }

  private XYChart terms() {
    XYChart chart = chart("The term of each master; thick where it leads", "term");
    double most = run.leaderships().stream().mapToLong(LeadershipInterval::term).max().orElse(1);
    bands(chart, 0, most + 1);
    for (String master : run.masters()) {
      List<Double> times = new ArrayList<>();
      List<Double> terms = new ArrayList<>();
      List<Double> leads = new ArrayList<>();
      for (LeadershipInterval leadership : run.leaderships()) {
        if (leadership.master().equals(master)) {
          double shown = leadership.term() > 0 ? leadership.term() : Double.NaN;
          boolean leading = leadership.state() == LeadershipInterval.State.LEADING;
          times.addAll(List.of(leadership.from() / SECOND, leadership.to() / SECOND));
          terms.addAll(List.of(shown, shown));
          leads.addAll(leading ? List.of(shown, shown) : List.of(Double.NaN, Double.NaN));
        }
      }
      if (!times.isEmpty()) {
        Color colour = COLOURS[run.masters().indexOf(master) % COLOURS.length];
        XYSeries following = chart.addSeries(master, times, terms);
        following.setMarker(SeriesMarkers.NONE);
        following.setLineColor(colour);
        following.setLineWidth(1.5f);
        XYSeries leading = chart.addSeries(master + " leads", times, leads);
        leading.setMarker(SeriesMarkers.NONE);
        leading.setLineColor(colour);
        leading.setLineWidth(8f);
        leading.setShowInLegend(false);
      }
    }
    return chart;
  }
}
