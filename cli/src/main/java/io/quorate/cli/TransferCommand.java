package io.quorate.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code quorate transfer}. */
@Command(
    name = "transfer",
    description = "Hands the lead to a member, host:raft_port, or to the one that is furthest.",
    mixinStandardHelpOptions = true)
final class TransferCommand implements Callable<Integer> {
  @Mixin private MasterOption master;

  @Parameters(arity = "0..1", paramLabel = "MEMBER")
  private String member;

  @Override
  public Integer call() throws IOException, InterruptedException {
    ObjectNode order = new ObjectMapper().createObjectNode();
    if (member != null) {
      order.put("member", member);
    }
    System.out.println(
        "leader: "
            + MembersCommand.operator(master)
                .post("/quorate/leader", order)
                .path("leader")
                .asText());
    return 0;
  }
}
