package io.quorate.protocol.link;

import com.google.protobuf.ByteString;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentProof;
import io.quorate.protocol.agentlink.MasterProof;
import io.quorate.protocol.auth.SharedSecret;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** An agent's end of the handshake of one link. */
public final class AgentHandshake {
  private final SigningKey own;
  private final Optional<SharedSecret> secret;
  private final LinkExchange exchange = LinkExchange.fresh();

  /**
   * Begins one.
   *
   * @param own the agent's key pair
   * @param secret the agents' secret; a master that does not know it is not believed
   */
  public AgentHandshake(SigningKey own, Optional<SharedSecret> secret) {
    this.own = own;
    this.secret = secret;
  }

  /** What is said first, to any master. */
  public AgentCall hello() {
    AgentCall.Hello.Builder hello = AgentCall.Hello.newBuilder().setNonce(exchange.nonce());
    secret.ifPresent(
        shared -> hello.setMac(LinkProofs.mac(shared, LinkProofs.helloSaid(exchange.nonce()))));
    return AgentCall.newBuilder().setType(AgentCall.Type.HELLO).setHello(hello).build();
  }

  /**
   * Says why a master is not believed; empty if it has proven itself.
   *
   * @param pinned the cluster's public key as this agent has known it; empty at first. Where there
   *     is a secret, who knows it may have another key
   */
  public Optional<String> validate(MasterProof proof, Optional<ByteString> pinned) {
    byte[] said = LinkProofs.said(exchange.nonce(), proof, "master", ByteString.EMPTY);
    if (!LinkProofs.isNonce(proof.getNonce()) || proof.getLinkId().isEmpty()) {
      return Optional.of("does not prove itself");
    }
    if (!LinkProofs.knows(secret, said, proof.getMac())) {
      return Optional.of("does not know the agents' secret");
    }
    if (secret.isEmpty() && pinned.isPresent() && !pinned.get().equals(proof.getClusterKey())) {
      return Optional.of("is of another cluster than the one that this agent belongs to");
    }
    if (!SigningKey.verify(proof.getClusterKey(), said, proof.getSignature())) {
      return Optional.of("does not have the cluster's key");
    }
    return Optional.empty();
  }

  /** What the agent says of itself, to a master that has proven itself. */
  public AgentProof proof(MasterProof proof) {
    byte[] said = LinkProofs.said(exchange.nonce(), proof, "agent", own.publicKey());
    AgentProof.Builder built =
        AgentProof.newBuilder().setKey(own.publicKey()).setSignature(own.sign(said));
    secret.ifPresent(shared -> built.setMac(LinkProofs.mac(shared, said)));
    return built.build();
  }

  /**
   * Returns the keys of the link.
   *
   * @throws GeneralSecurityException if the master's nonce is no point
   */
  public LinkKeys keys(MasterProof proof) throws GeneralSecurityException {
    return LinkKeys.of(
        proof.getLinkId(),
        LinkProofs.salt(secret),
        exchange.shared(proof.getNonce()),
        LinkProofs.said(exchange.nonce(), proof, "keys", ByteString.EMPTY));
  }
}
