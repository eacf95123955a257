package io.quorate.protocol.link;

import com.google.protobuf.ByteString;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentProof;
import io.quorate.protocol.agentlink.MasterProof;
import io.quorate.protocol.auth.SharedSecret;
import java.security.GeneralSecurityException;
import java.util.Optional;

/** A master's end of the handshake of one link. */
public final class MasterHandshake {
  private final Optional<SharedSecret> secret;
  private final ByteString agentNonce;
  private final LinkExchange exchange;
  private final MasterProof proof;

  private MasterHandshake(
      Optional<SharedSecret> secret,
      ByteString agentNonce,
      LinkExchange exchange,
      MasterProof proof) {
    this.secret = secret;
    this.agentNonce = agentNonce;
    this.exchange = exchange;
    this.proof = proof;
  }

  /** Whether a HELLO is worth an answer: a cheap look, before anything is signed. */
  public static boolean worthy(AgentCall hello, Optional<SharedSecret> secret) {
    ByteString nonce = LinkProofs.nonce(hello);
    return LinkProofs.isNonce(nonce)
        && LinkProofs.knows(secret, LinkProofs.helloSaid(nonce), hello.getHello().getMac());
  }

  /**
   * Answers a HELLO.
   *
   * @param cluster the cluster's key pair
   * @param linkId a new one
   * @param leader host:port of who leads; empty if it is this master
   */
  public static MasterHandshake answer(
      AgentCall hello,
      SigningKey cluster,
      Optional<SharedSecret> secret,
      String linkId,
      String leader) {
    LinkExchange exchange = LinkExchange.fresh();
    MasterProof.Builder proof =
        MasterProof.newBuilder()
            .setNonce(exchange.nonce())
            .setLinkId(linkId)
            .setLeader(leader)
            .setClusterKey(cluster.publicKey());
    ByteString nonce = LinkProofs.nonce(hello);
    byte[] said = LinkProofs.said(nonce, proof.build(), "master", ByteString.EMPTY);
    proof.setSignature(cluster.sign(said));
    secret.ifPresent(shared -> proof.setMac(LinkProofs.mac(shared, said)));
    return new MasterHandshake(secret, nonce, exchange, proof.build());
  }

  /** What is sent to the agent. */
  public MasterProof proof() {
    return proof;
  }

  /** Whether the agent has the key that it names, and knows the secret where there is one. */
  public boolean believes(AgentProof agent) {
    byte[] said = LinkProofs.said(agentNonce, proof, "agent", agent.getKey());
    return LinkProofs.knows(secret, said, agent.getMac())
        && SigningKey.verify(agent.getKey(), said, agent.getSignature());
  }

  /**
   * Returns the keys of the link.
   *
   * @throws GeneralSecurityException if the agent's nonce is no point
   */
  public LinkKeys keys() throws GeneralSecurityException {
    return LinkKeys.of(
        proof.getLinkId(),
        LinkProofs.salt(secret),
        exchange.shared(agentNonce),
        LinkProofs.said(agentNonce, proof, "keys", ByteString.EMPTY));
  }
}
