package io.quorate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.cluster.LeaderClient;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code quorate members}: shows them; its sub-commands change them. */
@Command(
    name = "members",
    description = "Shows the members of the quorum, or changes them. A member is host:raft_port.",
    mixinStandardHelpOptions = true,
    subcommands = {
      MembersCommand.Add.class,
      MembersCommand.Remove.class,
      MembersCommand.Replace.class
    })
final class MembersCommand implements Callable<Integer> {
  private static final String PATH = "/quorate/members";

  @Mixin private MasterOption master;

  @Option(names = "--json", description = "For scripts.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    JsonNode members = operator(master).get(PATH);
    if (json) {
      System.out.println(members);
    } else {
      print(members);
    }
    return 0;
  }

  static LeaderClient operator(MasterOption master) throws IOException {
    return new LeaderClient(master.masters(), master.credential());
  }

  private static void print(JsonNode all) {
    System.out.printf(
        "%-22s %-9s %-9s %10s %10s%n", "MEMBER", "ROLE", "REACHABLE", "APPLIED", "LAG");
    for (JsonNode member : all.path("members")) {
      System.out.printf(
          "%-22s %-9s %-9s %10s %10s%n",
          member.path("member").asText(),
          member.path("role").asText(),
          member.path("reachable").asBoolean() ? "yes" : "no",
          member.path("applied_index").asText("-"),
          member.path("lag").asText("-"));
    }
  }

  private static Integer change(MasterOption master, List<String> add, List<String> remove)
      throws IOException, InterruptedException {
    ObjectNode order = new ObjectMapper().createObjectNode();
    add.forEach(order.withArray("/add")::add);
    remove.forEach(order.withArray("/remove")::add);
    print(operator(master).post(PATH, order));
    return 0;
  }

  /** {@code quorate members add}. */
  @Command(
      name = "add",
      description = "Adds masters that were started with --join. Returns when they count.",
      mixinStandardHelpOptions = true)
  static final class Add implements Callable<Integer> {
    @Mixin private MasterOption master;

    @Parameters(arity = "1..*", paramLabel = "MEMBER")
    private List<String> members;

    @Override
    public Integer call() throws IOException, InterruptedException {
      return change(master, members, List.of());
    }
  }

  /** {@code quorate members remove}. */
  @Command(
      name = "remove",
      description = "Removes masters, dead or alive. Stop their processes afterwards.",
      mixinStandardHelpOptions = true)
  static final class Remove implements Callable<Integer> {
    @Mixin private MasterOption master;

    @Parameters(arity = "1..*", paramLabel = "MEMBER")
    private List<String> members;

    @Override
    public Integer call() throws IOException, InterruptedException {
      return change(master, List.of(), members);
    }
  }

  /** {@code quorate members replace}. */
  @Command(
      name = "replace",
      description = "Removes one and adds another in one step.",
      mixinStandardHelpOptions = true)
  static final class Replace implements Callable<Integer> {
    @Mixin private MasterOption master;

    @Parameters(index = "0", paramLabel = "OLD")
    private String old;

    @Parameters(index = "1", paramLabel = "NEW", description = "Started with --join.")
    private String added;

    @Override
    public Integer call() throws IOException, InterruptedException {
      return change(master, List.of(added), List.of(old));
    }
  }
}
