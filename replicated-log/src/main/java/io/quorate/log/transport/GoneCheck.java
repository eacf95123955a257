package io.quorate.log.transport;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.HostAndPort;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.net.ConnectException;

/**
 * Whether nobody listens at an address any more: the operating system there says so itself. Silence
 * says nothing.
 */
final class GoneCheck {
  private static final int CONNECT_MILLIS_MAX = 500;

  private final NetClient client;

  GoneCheck(Vertx vertx) {
    this.client =
        vertx.createNetClient(new NetClientOptions().setConnectTimeout(CONNECT_MILLIS_MAX));
  }

  /** True only if a connection is refused; false, too, of what is no address. */
  Future<Boolean> refused(String address) {
    HostAndPort target = HostAndPort.parseAuthority(address, -1);
    if (target == null || target.port() <= 0) {
      return Future.succeededFuture(false);
    }
    return client
        .connect(target.port(), target.host())
        .map(
            socket -> {
              socket.close();
              return false;
            })
        .otherwise(GoneCheck::isRefusal);
  }

  /** Netty wraps it; a time-out or no route is something else. */
  static boolean isRefusal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException
          && String.valueOf(cause.getMessage()).contains("refused")) {
        return true;
      }
    }
    return false;
  }
}
