package io.quorate.master.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.log.Position;
import io.quorate.master.allocator.AllocatorSettings;
import io.quorate.master.allocator.policy.AllocationPolicy;
import io.quorate.master.allocator.policy.DominantResourceFairness;
import io.quorate.master.allocator.policy.Sibling;
import io.quorate.master.decide.Decide;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.event.AgentLinkCall;
import io.quorate.master.event.BecomeLeader;
import io.quorate.master.event.Call;
import io.quorate.master.event.ProposedOffer;
import io.quorate.master.event.SchedulerCall;
import io.quorate.master.state.Changes;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.MasterInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AllocationTest {
  private static final long MILLI = 1_000_000L;
  private static final long SECOND = 1_000_000_000L;

  private final List<ProposedOffer> proposed = new ArrayList<>();
  private MasterState state = MasterState.EMPTY.at(SECOND);
  private long now = SECOND;
  private Allocation allocation;

  private void start(AllocationPolicy policy, Executor rounds) {
    LoopSettings usual = LoopSettings.DEFAULT;
    AllocatorSettings allocator =
        new AllocatorSettings(
            policy,
            new DominantResourceFairness(),
            usual.allocator().worth(),
            usual.allocator().excluded(),
            usual.allocator().whitelist());
    LoopSettings settings =
        new LoopSettings(
            usual.policy(),
            usual.bounds(),
            allocator,
            usual.offersPerCallMax(),
            Duration.ofSeconds(10),
            usual.allocationInterval(),
            usual.allocationGap(),
            usual.pingInterval(),
            usual.pingTimeoutsMax(),
            usual.agentReregisterTimeout(),
            usual.removalRate());
    allocation =
        new Allocation(
            settings,
            new LeaderEnvironment(() -> now, () -> now, null, rounds, () -> "u"),
            Runnable::run,
            this::called);
    decide(
        Call.newBuilder()
            .setBecomeLeader(
                BecomeLeader.newBuilder()
                    .setTerm(1)
                    .setMasterInfo(MasterInfo.newBuilder().setId("m").setIp(1).setPort(1))
                    .setNewClusterId("c")
                    .setFrameworkGraceNanos(1)));
    allocation.lead(state);
  }

  private CompletableFuture<Answer> called(Call call) {
    proposed.addAll(call.getProposeOffers().getOffersList());
    decide(call.toBuilder());
    return CompletableFuture.completedFuture(new Answer.Accepted());
  }

  private void decide(Call.Builder call) {
    Decision decision =
        Decide.decide(state.at(now).settled(), call.build(), LoopSettings.DEFAULT.policy());
    MasterState after = ((Decision.Accepted) decision).after();
    Changes changes = Changes.of(after);
    state = after.settled();
    allocation.committed(
        new MasterMachine.Commit(new Position(1, 1), List.of(), List.of(), state, changes));
  }

  private void agent(String id) {
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.SUBSCRIBE);
    call.getSubscribeBuilder()
        .setVersion("1")
        .setRegistrationId(id)
        .getAgentInfoBuilder()
        .setHostname(id)
        .addAllResources(ResourceText.parse("cpus:1;mem:64"));
    decide(
        Call.newBuilder().setAgent(AgentLinkCall.newBuilder().setCall(call).setLinkId("l" + id)));
  }

  private void framework(String stream) {
    var call =
        io.quorate.protocol.v1.scheduler.Call.newBuilder()
            .setType(io.quorate.protocol.v1.scheduler.Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder()
        .setFrameworkInfo(FrameworkInfo.newBuilder().setUser("u").setName("f"));
    send(call, stream);
  }

  private void send(io.quorate.protocol.v1.scheduler.Call.Builder call, String stream) {
    decide(
        Call.newBuilder()
            .setScheduler(SchedulerCall.newBuilder().setCall(call).setStreamId(stream)));
  }

  private void decline(double seconds) {
    var call =
        io.quorate.protocol.v1.scheduler.Call.newBuilder()
            .setType(io.quorate.protocol.v1.scheduler.Call.Type.DECLINE);
    call.getFrameworkIdBuilder().setValue("c-0000");
    call.getDeclineBuilder().getFiltersBuilder().setRefuseSeconds(seconds);
    state
        .offers()
        .values()
        .forEach(
            offer -> call.getDeclineBuilder().addOfferIdsBuilder().setValue(offer.id().value()));
    send(call, "s");
  }

  private void after(long millis) {
    now += millis * MILLI;
    allocation.tick();
  }

  @Test
  @DisplayName("CP-358 a new agent, a new framework and a REVIVE are served without waiting")
  void shouldServeEvents() {
    start(new DominantResourceFairness(), Runnable::run);
    agent("a");
    framework("s");
    after(60);
    assertThat(proposed).hasSize(1);
    agent("b");
    after(60);
    assertThat(proposed).hasSize(2);
    decline(1000);
    after(60);
    assertThat(proposed).hasSize(2);
    var revive =
        io.quorate.protocol.v1.scheduler.Call.newBuilder()
            .setType(io.quorate.protocol.v1.scheduler.Call.Type.REVIVE);
    revive.getFrameworkIdBuilder().setValue("c-0000");
    send(revive, "s");
    after(60);
    assertThat(proposed).hasSize(4);
  }

  @Test
  @DisplayName("CP-357, CP-183 what was refused is offered within an interval of the time-out")
  void shouldServeWhenTimePasses() {
    start(new DominantResourceFairness(), Runnable::run);
    agent("a");
    framework("s");
    after(60);
    decline(5);
    for (int millis = 0; millis < 4_900; millis += 50) {
      after(50);
    }
    assertThat(proposed).hasSize(1);
    for (int millis = 0; millis <= 1_100; millis += 50) {
      after(50);
    }
    assertThat(proposed).hasSize(2);
  }

  /** One from a module, by its package's name. */
  private static AllocationPolicy module(Comparator<Sibling> order) {
    return new AllocationPolicy() {
      @Override
      public String name() {
        return "module";
      }

      @Override
      public Comparator<Sibling> order(long round) {
        return order;
      }
    };
  }

  @Test
  @DisplayName("a policy that throws is left out of the round")
  void shouldContainFailures() {
    start(
        module(
            (unused, unusedToo) -> {
              throw new IllegalStateException("planted");
            }),
        Runnable::run);
    agent("a");
    frameworksOfTwoRoles();
    after(60);
    assertThat(proposed).hasSize(1);
  }

  private void frameworksOfTwoRoles() {
    for (String role : List.of("x", "y")) {
      var call =
          io.quorate.protocol.v1.scheduler.Call.newBuilder()
              .setType(io.quorate.protocol.v1.scheduler.Call.Type.SUBSCRIBE);
      call.getSubscribeBuilder()
          .setFrameworkInfo(FrameworkInfo.newBuilder().setUser("u").setName("f").setRole(role));
      send(call, "s" + role);
    }
  }

  @Test
  @DisplayName("a policy that takes too long is not asked again")
  void shouldContainDelays() throws InterruptedException {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    Executor rounds =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            });
    boolean[] direct = {false};
    start(
        module(
            (unused, unusedToo) -> {
              asked.countDown();
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return 0;
            }),
        task -> (direct[0] ? (Executor) Runnable::run : rounds).execute(task));
    agent("a");
    now += 30 * MILLI;
    frameworksOfTwoRoles();
    after(60);
    asked.await();
    direct[0] = true;
    after(9_000);
    assertThat(proposed).isEmpty();
    after(2_000);
    after(60);
    assertThat(proposed).hasSize(1);
    never.countDown();
  }
}
