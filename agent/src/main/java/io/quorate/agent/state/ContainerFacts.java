package io.quorate.agent.state;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.NetworkInfo;
import java.util.List;

/**
 * What a containerizer tells of a container that runs, for the statuses of its task (Mesos 4.9).
 *
 * @param networks the networks that it is in, with its addresses; none if it is in the host's
 * @param inspected what {@code docker inspect} prints of it; empty where there is no such thing
 */
public record ContainerFacts(List<NetworkInfo> networks, ByteString inspected) {
  /** It is a process of the host. */
  public static final ContainerFacts NONE = new ContainerFacts(List.of(), ByteString.EMPTY);

  public ContainerFacts {
    networks = List.copyOf(networks);
  }
}
