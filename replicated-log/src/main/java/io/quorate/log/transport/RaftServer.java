package io.quorate.log.transport;

import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.ProtobufMsgFactory;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.ConnectionClosedEventListener;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.quorate.log.wire.Challenge;
import io.quorate.log.wire.Frame;
import io.quorate.log.wire.GoneAnswer;
import io.quorate.log.wire.GoneQuery;
import io.quorate.log.wire.Hello;
import io.quorate.log.wire.ProgressAnswer;
import io.quorate.log.wire.ProgressQuery;
import io.quorate.log.wire.Request;
import io.quorate.log.wire.Response;
import io.quorate.log.wire.Welcome;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Raft port of one member. Bound to just the given address. Requests that change the membership
 * are not served here: anyone who reached the port could change the members.
 */
public final class RaftServer implements RpcServer {
  private static final Logger LOG = LoggerFactory.getLogger(RaftServer.class);
  private static final String MEMBERSHIP_REQUESTS = "com.alipay.sofa.jraft.rpc.CliRequests$";
  private static final long HANDSHAKE_MILLIS_MAX = 3_000;
  private static final int START_SECONDS_MAX = 10;

  private final TransportOptions options;
  private final String host;
  private final int port;
  private final Executor fallback;
  private final GoneCheck goneCheck;
  private final Map<String, RpcProcessor<?>> processors = new ConcurrentHashMap<>();
  private final List<ConnectionClosedEventListener> listeners = new CopyOnWriteArrayList<>();
  private final Strangers strangers;
  private volatile Supplier<ProgressAnswer> progress = RaftServer::nothing;
  private NetServer server;

  /**
   * @param fallback handles requests whose processor names no executor
   */
  public RaftServer(TransportOptions options, String host, int port, Executor fallback) {
    this.options = options;
    this.host = host;
    this.port = port;
    this.fallback = fallback;
    this.strangers = new Strangers(options.strangersMax());
    this.goneCheck = new GoneCheck(options.vertx());
  }

  @Override
  public boolean init(Void nothing) {
    server =
        options
            .vertx()
            .createNetServer(
                new NetServerOptions()
                    .setHost(host)
                    .setPort(port)
                    .setTcpNoDelay(true)
                    .setTcpKeepAlive(true)
                    .setReuseAddress(true));
    server.connectHandler(this::connected);
    try {
      server
          .listen()
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS_MAX, TimeUnit.SECONDS);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (Exception e) {
      LOG.error("The Raft port {}:{} cannot be bound: {}", host, port, e.getMessage());
      return false;
    }
  }

  @Override
  public void shutdown() {
    if (server != null) {
      var unused = server.close();
    }
  }

  @Override
  public void registerConnectionClosedEventListener(ConnectionClosedEventListener listener) {
    listeners.add(listener);
  }

  @Override
  public void registerProcessor(RpcProcessor<?> processor) {
    if (!processor.interest().startsWith(MEMBERSHIP_REQUESTS)) {
      processors.put(processor.interest(), processor);
    }
  }

  @Override
  public int boundPort() {
    return port;
  }

  /** Where to read what members ask for with {@link PeerWatch#appliedIndex} and the like. */
  public void progress(Supplier<ProgressAnswer> source) {
    progress = source;
  }

  private static ProgressAnswer nothing() {
    return ProgressAnswer.newBuilder().setAppliedIndex(0).build();
  }

  private void connected(NetSocket socket) {
    new Peer(socket).start();
  }

  /** One incoming connection. Event loop only, but for {@link #respond}. */
  private final class Peer implements Connection, Frames.Listener {
    private final NetSocket socket;
    private final Outbox outbox;
    private final Map<String, Object> attributes = new ConcurrentHashMap<>();
    private final String remote;
    private final Strangers.Stranger stranger;
    private ByteString clientNonce = ByteString.EMPTY;

    /** There once the caller said hello. */
    private Optional<SessionKeys> keys = Optional.empty();

    /** There once the caller has proven itself. */
    private Optional<FrameCipher.Pair> ciphers = Optional.empty();

    /** The last append's turn. */
    private CompletableFuture<Void> appends = CompletableFuture.completedFuture(null);

    Peer(NetSocket socket) {
      this.socket = socket;
      this.outbox = new Outbox(socket, options.frameBytesMax());
      this.remote = String.valueOf(socket.remoteAddress());
      this.stranger =
          new Strangers.Stranger(socket.remoteAddress().hostAddress(), () -> socket.close());
    }

    void start() {
      long timer =
          options
              .vertx()
              .setTimer(
                  HANDSHAKE_MILLIS_MAX,
                  id -> {
                    if (ciphers.isEmpty()) {
                      socket.close();
                    }
                  });
      socket.closeHandler(
          nothing -> {
            options.vertx().cancelTimer(timer);
            strangers.left(stranger);
            if (ciphers.isPresent()) {
              listeners.forEach(listener -> listener.onClosed(remote, this));
            }
          });
      socket.exceptionHandler(failure -> socket.close());
      Frames.read(options.vertx(), socket, options.frameBytesMax(), this);
      strangers.came(stranger);
    }

    @Override
    public Optional<FrameCipher> cipher() {
      return ciphers.map(FrameCipher.Pair::in);
    }

    @Override
    public void accept(Frame frame) {
      switch (frame.getWhatCase()) {
        case HELLO -> hello(frame.getHello());
        case PROOF -> proof(frame.getProof().getMac());
        case REQUEST -> {
          if (ciphers.isPresent()) {
            request(frame.getRequest());
          } else {
            socket.close();
          }
        }
        case CHALLENGE, WELCOME, RESPONSE, WHAT_NOT_SET -> socket.close();
      }
    }

    private void hello(Hello hello) {
      if (keys.isPresent() || !Handshake.isNonce(hello.getNonce())) {
        socket.close();
        return;
      }
      clientNonce = hello.getNonce();
      if (Handshake.equal(
          Handshake.mark(options.secret(), address(), clientNonce), hello.getMac())) {
        strangers.marked(stranger, clientNonce);
      }
      SessionKeys fresh = SessionKeys.fresh();
      keys = Optional.of(fresh);
      ByteString mac =
          Handshake.mac(options.secret(), "server", address(), clientNonce, fresh.nonce());
      write(
          Frame.newBuilder()
              .setChallenge(Challenge.newBuilder().setNonce(fresh.nonce()).setMac(mac)));
    }

    private void proof(ByteString mac) {
      if (ciphers.isPresent() || keys.isEmpty()) {
        socket.close();
        return;
      }
      ByteString expected =
          Handshake.mac(options.secret(), "client", address(), clientNonce, keys.get().nonce());
      if (!Handshake.equal(expected, mac)) {
        LOG.warn("A connection from {} does not know the cluster's secret: closed", remote);
        socket.close();
        return;
      }
      FrameCipher.Pair pair;
      try {
        pair = keys.get().ofServer(options.secret(), address(), clientNonce);
      } catch (GeneralSecurityException e) {
        socket.close();
        return;
      }
      strangers.left(stranger);
      write(Frame.newBuilder().setWelcome(Welcome.getDefaultInstance()));
      ciphers = Optional.of(pair);
      outbox.seal(pair.out());
    }

    private String address() {
      return host + ":" + port;
    }

    private void request(Request request) {
      if (request.getType().equals(GoneQuery.class.getName())) {
        gone(request);
        return;
      }
      if (request.getType().equals(ProgressQuery.class.getName())) {
        respond(request.getId(), payload(progress.get()));
        return;
      }
      RpcProcessor<?> processor = processors.get(request.getType());
      if (processor == null) {
        respond(
            request.getId(), Response.newBuilder().setError("not served: " + request.getType()));
        return;
      }
      Message message;
      try {
        message =
            ProtobufMsgFactory.newMessageByJavaClassName(
                request.getType(), request.getPayload().toByteArray());
      } catch (RuntimeException e) {
        socket.close();
        return;
      }
      Executor executor = processor.executor() == null ? fallback : processor.executor();
      if (message instanceof AppendEntriesRequest) {
        append(executor, () -> handle(processor, request.getId(), message), request.getId());
        return;
      }
      try {
        executor.execute(() -> handle(processor, request.getId(), message));
      } catch (RejectedExecutionException e) {
        overloaded(request.getId());
      }
    }

    /**
     * In the order in which they came: a leader sends the next before the last one is answered, and
     * one that overtakes another is refused, upon which the leader begins to probe anew.
     */
    private void append(Executor executor, Runnable handling, long id) {
      appends =
          appends
              .thenRunAsync(handling, executor)
              .exceptionally(
                  rejected -> {
                    overloaded(id);
                    return null;
                  });
    }

    private void overloaded(long id) {
      respond(id, Response.newBuilder().setError("overloaded"));
    }

    private void gone(Request request) {
      GoneQuery query;
      try {
        query = GoneQuery.parseFrom(request.getPayload());
      } catch (com.google.protobuf.InvalidProtocolBufferException e) {
        socket.close();
        return;
      }
      goneCheck
          .refused(query.getAddress())
          .onSuccess(
              gone ->
                  respond(request.getId(), payload(GoneAnswer.newBuilder().setGone(gone).build())));
    }

    @SuppressWarnings("unchecked") // The processor is registered under the class of its messages.
    private void handle(RpcProcessor<?> processor, long id, Message message) {
      try {
        ((RpcProcessor<Message>) processor).handleRequest(new Context(id), message);
      } catch (RuntimeException e) {
        LOG.error("A Raft request failed: {}", message.getClass().getName(), e);
        respond(id, Response.newBuilder().setError(String.valueOf(e)));
      }
    }

    private void respond(long id, Response.Builder response) {
      write(Frame.newBuilder().setResponse(response.setId(id)));
    }

    private void write(Frame.Builder frame) {
      if (!outbox.write(frame.build())) {
        LOG.warn("{} does not read its answers: closed", remote);
        socket.close();
      }
    }

    private static Response.Builder payload(Message message) {
      return Response.newBuilder()
          .setType(message.getClass().getName())
          .setPayload(message.toByteString());
    }

    /** One request's way back. */
    private final class Context implements RpcContext {
      private final long id;

      Context(long id) {
        this.id = id;
      }

      @Override
      public void sendResponse(Object response) {
        respond(id, payload((Message) response));
      }

      @Override
      public Connection getConnection() {
        return Peer.this;
      }

      @Override
      public String getRemoteAddress() {
        return remote;
      }
    }

    @Override
    public Object getAttribute(String key) {
      return attributes.get(key);
    }

    @Override
    public void setAttribute(String key, Object value) {
      attributes.put(key, value);
    }

    @Override
    public Object setAttributeIfAbsent(String key, Object value) {
      return attributes.putIfAbsent(key, value);
    }

    @Override
    public void close() {
      var unused = socket.close();
    }
  }
}
