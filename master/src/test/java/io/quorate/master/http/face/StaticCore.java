package io.quorate.master.http.face;

import io.quorate.log.LogStatus;
import io.quorate.master.event.Call;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.CompletedHistory;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.MasterInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A master's core that shows an empty state, and that this master leads or another one. */
public final class StaticCore implements MasterCore {
  private static final MasterInfo SELF = master("self");

  /** On which links agents were heard. */
  public final List<String> heard = new ArrayList<>();

  private boolean leading = true;
  private MasterInfo leader = SELF;

  private static MasterInfo master(String host) {
    return MasterInfo.newBuilder().setId(host).setIp(1).setPort(5050).setHostname(host).build();
  }

  /** From here on another master leads. */
  public void follow(String host) {
    leading = false;
    leader = master(host);
  }

  /** From here on nobody leads. */
  public void followNobody() {
    leading = false;
    leader = null;
  }

  @Override
  public CompletableFuture<Answer> submit(Call call) {
    throw new UnsupportedOperationException("faces submit by their exchange");
  }

  @Override
  public void heard(AgentCall call, String linkId) {
    heard.add(linkId);
  }

  @Override
  public CompletableFuture<Long> barrier() {
    throw new UnsupportedOperationException("not of the faces' cores");
  }

  @Override
  public MasterView view() {
    LogStatus log = new LogStatus("self", null, leading, 1, 1, 1, 0, "", "", List.of());
    return new MasterView(
        MasterState.EMPTY, leading, leader, 0, SELF, log, new CompletedHistory(null));
  }
}
