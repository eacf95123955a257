package io.quorate.log.transport;

import com.alipay.sofa.jraft.ReplicatorGroup;
import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.InvokeContext;
import com.alipay.sofa.jraft.rpc.ProtobufMsgFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import io.quorate.log.wire.Response;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls other members: one connection each, opened when needed. */
final class RaftClient implements RpcClient {
  private static final Logger LOG = LoggerFactory.getLogger(RaftClient.class);

  private final Map<String, Link> links = new ConcurrentHashMap<>();
  private TransportOptions options;
  private NetClient client;

  void configure(TransportOptions transport) {
    options = transport;
  }

  @Override
  public boolean init(RpcOptions rpc) {
    client =
        options
            .vertx()
            .createNetClient(
                new NetClientOptions()
                    .setTcpNoDelay(true)
                    .setTcpKeepAlive(true)
                    .setConnectTimeout(rpc.getRpcConnectTimeoutMs()));
    return true;
  }

  @Override
  public void shutdown() {
    links.values().forEach(Link::close);
    links.clear();
    var unused = client.close();
  }

  private Link link(Endpoint endpoint) {
    return links.compute(
        endpoint.toString(),
        (address, link) ->
            link != null && !link.over() ? link : Link.open(options, client, address));
  }

  @Override
  public boolean checkConnection(Endpoint endpoint) {
    return checkConnection(endpoint, true);
  }

  /**
   * Begins to connect where there is no connection, and never waits. A node asks, member by member,
   * before it sends them its request for votes, and again before it replicates to them, with its
   * lock held: one member that is silent would hold up every election by seconds. A call to it
   * fails in its own time.
   */
  @Override
  public boolean checkConnection(Endpoint endpoint, boolean createIfAbsent) {
    link(endpoint);
    return true;
  }

  @Override
  public void closeConnection(Endpoint endpoint) {
    Link link = links.remove(endpoint.toString());
    if (link != null) {
      link.close();
    }
  }

  /** JRaft's replicators find a connection again by their own checks. */
  @Override
  public void registerConnectEventListener(ReplicatorGroup replicatorGroup) {}

  @Override
  public Object invokeSync(
      Endpoint endpoint, Object request, InvokeContext context, long timeoutMillis)
      throws InterruptedException, RemotingException {
    try {
      return call(endpoint, request, timeoutMillis).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof TimeoutException
          ? new InvokeTimeoutException(String.valueOf(e.getCause()))
          : new RemotingException(String.valueOf(e.getCause()));
    }
  }

  @Override
  public void invokeAsync(
      Endpoint endpoint,
      Object request,
      InvokeContext context,
      InvokeCallback callback,
      long timeoutMillis) {
    call(endpoint, request, timeoutMillis)
        .whenComplete(
            (message, failure) -> {
              Throwable told =
                  failure instanceof TimeoutException
                      ? new InvokeTimeoutException(String.valueOf(failure))
                      : failure;
              Executor executor =
                  callback.executor() == null ? ForkJoinPool.commonPool() : callback.executor();
              try {
                executor.execute(() -> callback.complete(message, told));
              } catch (RejectedExecutionException e) {
                LOG.warn("The answer of {} came when the client was stopping", endpoint);
              }
            });
  }

  private CompletableFuture<Message> call(Endpoint endpoint, Object request, long timeoutMillis) {
    Link link = link(endpoint);
    return link.ready()
        .thenCompose(ready -> ready.send((Message) request, timeoutMillis))
        .thenApply(RaftClient::message)
        .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS);
  }

  private static Message message(Response response) {
    if (response.hasError()) {
      throw new IllegalStateException(response.getError());
    }
    return ProtobufMsgFactory.newMessageByJavaClassName(
        response.getType(), response.getPayload().toByteArray());
  }
}
