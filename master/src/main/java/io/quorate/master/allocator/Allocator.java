package io.quorate.master.allocator;

import io.quorate.master.allocator.policy.AllocationPolicy;
import io.quorate.master.allocator.policy.DominantResourceFairness;
import io.quorate.master.allocator.policy.Scramble;
import io.quorate.master.event.ProposedOffer;
import io.quorate.master.state.Changes;
import io.quorate.master.state.MasterState;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Proposes offers: a function of a state, which keeps a {@link View} of it between rounds so that a
 * round costs what changed. Two allocators that saw the same states propose the same, however often
 * either began anew. Not for several threads at once.
 */
public final class Allocator {
  private static final AllocationPolicy DRF = new DominantResourceFairness();

  private final AllocatorSettings settings;
  private final View view;
  private Throwable policyFailure;

  /** One that has seen nothing yet: it looks at the whole of the first state. */
  public Allocator(AllocatorSettings settings) {
    this.settings = settings;
    this.view = new View(settings);
  }

  /**
   * The offers to make now, in order.
   *
   * @param state frozen, at the leader's time
   * @param changes since the state of the round before
   * @param full whether to look at all agents, not only at those that something happened to
   */
  public List<ProposedOffer> propose(MasterState state, Changes changes, boolean full) {
    policyFailure = null;
    view.follow(state, changes);
    // The number of the next offer: no two rounds that propose anything share it.
    long number = state.cluster().next().offer();
    List<AgentSlot> agents = view.takeCandidates(full);
    if (agents.isEmpty() || view.clients().eager().isEmpty()) {
      return List.of();
    }
    shuffle(agents, number);
    try {
      return run(settings.roles(), settings.frameworks(), number, agents);
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      if (settings.builtIn()) {
        throw e;
      }
      policyFailure = e;
      view.follow(state, new Changes());
      return run(DRF, DRF, number, agents);
    }
  }

  /** Another order each round, so that no agent is always the last; the same for the same round. */
  private static void shuffle(List<AgentSlot> agents, long number) {
    agents.forEach(slot -> slot.place(Scramble.number(number, slot.id.value())));
    agents.sort(
        Comparator.<AgentSlot>comparingLong(slot -> slot.place())
            .thenComparing(slot -> slot.id.value()));
  }

  private List<ProposedOffer> run(
      AllocationPolicy roles, AllocationPolicy frameworks, long number, List<AgentSlot> agents) {
    view.clients().root().sort(Orders.of(roles, frameworks, number));
    return new Round(view).run(agents);
  }

  /** Why a policy was left out of the last round; empty if it was not. */
  public Optional<Throwable> policyFailure() {
    return Optional.ofNullable(policyFailure);
  }
}
