package io.quorate.master.leader;

import io.quorate.master.event.Call;
import io.quorate.protocol.agentlink.AgentCall;
import java.util.concurrent.CompletableFuture;

/**
 * What the faces see of a master: they put calls in, and read committed state. It may be called on
 * any thread.
 */
public interface MasterCore {

  /**
   * Decides a call and answers it once what it was decided on is committed by a quorum.
   *
   * @return completes with the answer, refusals included; fails with {@link
   *     io.quorate.log.NotLeaderException} or {@link io.quorate.log.OverloadedException} if the
   *     call certainly was not done, with {@link io.quorate.log.OutcomeUnknownException} if that
   *     cannot be told. Never completed on the Raft apply thread.
   */
  CompletableFuture<Answer> submit(Call call);

  /**
   * The agent said something on this link, which is soft state of the leader and never logged.
   * Whatever it says shows that it lives; an answer to a ping may have to wait behind much else.
   */
  void heard(AgentCall call, String linkId);

  /**
   * Completes once all is applied here that was committed when it was asked for.
   *
   * @return the index; fails if no majority can be asked. Any thread may complete it.
   */
  CompletableFuture<Long> barrier();

  /** A frozen, consistent picture of what is committed and applied here. */
  MasterView view();
}
