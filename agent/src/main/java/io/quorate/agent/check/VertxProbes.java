package io.quorate.agent.check;

import io.quorate.agent.supervise.Supervisor;
import io.quorate.protocol.text.Failures;
import io.quorate.protocol.v1.CheckInfo;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.NetworkInfo;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetClient;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** Probes by HTTP, TCP and commands. The former cost no thread while they wait. */
public final class VertxProbes implements Probes {
  private final Supervisor supervisor;
  private final HttpClientAgent http;
  private final NetClient net;
  private final ExecutorService threads;

  /**
   * Makes a maker of probes.
   *
   * @param commandsMax commands that run at the same time; more wait, without a bound of their own,
   *     as a check waits for its answer before it is made again
   * @param supervisor what commands are run by
   */
  public VertxProbes(Vertx vertx, int commandsMax, Supervisor supervisor) {
    this.supervisor = supervisor;
    // A task on this machine need not have a certificate for a loopback address (Mesos 4.13).
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions().setTrustAll(true).setVerifyHost(false).setKeepAlive(false));
    this.net = vertx.createNetClient();
    this.threads =
        Executors.newFixedThreadPool(
            commandsMax,
            task -> {
              Thread thread = new Thread(task, "check");
              thread.setDaemon(true);
              return thread;
            });
  }

  @Override
  public Probe of(HealthCheck check, Target target) {
    Duration timeout = TaskChecks.seconds(check.getTimeoutSeconds());
    return switch (check.getType()) {
      case COMMAND -> new CommandProbe(supervisor, threads, check.getCommand(), target, timeout);
      case HTTP ->
          get(
              check.getHttp().getScheme().equals("https"),
              host(check.getHttp().getProtocol()),
              check.getHttp().getPort(),
              check.getHttp().getPath(),
              timeout);
      case TCP -> connect(host(check.getTcp().getProtocol()), check.getTcp().getPort(), timeout);
      case UNKNOWN -> throw new IllegalArgumentException("a health check of no known type");
    };
  }

  @Override
  public Probe of(CheckInfo check, Target target) {
    Duration timeout = TaskChecks.seconds(check.getTimeoutSeconds());
    return switch (check.getType()) {
      case COMMAND ->
          new CommandProbe(supervisor, threads, check.getCommand().getCommand(), target, timeout);
      case HTTP ->
          get(false, "127.0.0.1", check.getHttp().getPort(), check.getHttp().getPath(), timeout);
      case TCP -> connect("127.0.0.1", check.getTcp().getPort(), timeout);
      case UNKNOWN -> throw new IllegalArgumentException("a check of no known type");
    };
  }

  private static String host(NetworkInfo.Protocol protocol) {
    return protocol == NetworkInfo.Protocol.IPv6 ? "::1" : "127.0.0.1";
  }

  private Probe get(boolean tls, String host, int port, String path, Duration timeout) {
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setSsl(tls)
            .setHost(host.contains(":") ? "[" + host + "]" : host)
            .setPort(port)
            .setURI(path.isEmpty() ? "/" : path)
            .setFollowRedirects(true);
    return then ->
        within(
            timeout,
            http.request(options)
                .compose(request -> request.send())
                .map(
                    response -> {
                      response.resume();
                      return Probe.Result.of(
                          response.statusCode(), "the answer was " + response.statusCode());
                    }),
            then);
  }

  private Probe connect(String host, int port, Duration timeout) {
    return then ->
        within(
            timeout,
            net.connect(port, host)
                .map(
                    socket -> {
                      var unused = socket.close();
                      return Probe.Result.of(1, "connected");
                    })
                .recover(
                    failure ->
                        Future.succeededFuture(Probe.Result.of(0, Failures.describe(failure)))),
            then);
  }

  private static void within(
      Duration timeout, Future<Probe.Result> result, Consumer<Probe.Result> then) {
    Future<Probe.Result> bounded =
        timeout.isZero() ? result : result.timeout(timeout.toMillis(), TimeUnit.MILLISECONDS);
    bounded.onComplete(
        done ->
            then.accept(
                done.succeeded()
                    ? done.result()
                    : Probe.Result.none(
                        done.cause() instanceof TimeoutException
                            ? "nothing came within " + timeout.toMillis() + " ms"
                            : Failures.describe(done.cause()))));
  }
}
