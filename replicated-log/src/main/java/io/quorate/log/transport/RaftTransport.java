package io.quorate.log.transport;

import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.RaftRpcFactory;
import com.alipay.sofa.jraft.rpc.RpcClient;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.util.Endpoint;

/**
 * JRaft's way to our transport (loaded as a service). A node hands it its settings by way of {@link
 * Options}; there is nothing static.
 */
public final class RaftTransport implements RaftRpcFactory {

  /** A node's options together with the settings of its transport. */
  public static final class Options extends NodeOptions {
    private final TransportOptions transport;

    public Options(TransportOptions transport) {
      this.transport = transport;
    }

    TransportOptions transport() {
      return transport;
    }
  }

  /** Messages are parsed by their class; there is nothing to register. */
  @Override
  public void registerProtobufSerializer(String className, Object... args) {}

  @Override
  public RpcClient createRpcClient(ConfigHelper<RpcClient> helper) {
    RaftClient client = new RaftClient();
    if (helper != null) {
      helper.config(client);
    }
    return client;
  }

  @Override
  public RpcServer createRpcServer(Endpoint endpoint, ConfigHelper<RpcServer> helper) {
    throw new UnsupportedOperationException("the log makes its own server");
  }

  /**
   * JRaft's own way to keep appends in order, a thread for each pair of members. Not needed: {@link
   * RaftServer} handles them in the order of their connection.
   */
  @Override
  public boolean isReplicatorPipelineEnabled() {
    return false;
  }

  @Override
  public ConfigHelper<RpcClient> defaultJRaftClientConfigHelper(RpcOptions options) {
    if (!(options instanceof Options ours)) {
      throw new IllegalArgumentException("a node needs RaftTransport.Options");
    }
    return client -> ((RaftClient) client).configure(ours.transport());
  }
}
