package io.quorate.master.allocator;

import io.quorate.master.event.ProposedOffer;
import io.quorate.master.state.entity.Filter;
import io.quorate.protocol.resources.Resources;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One round over some agents, in the two stages of Mesos (5.3): first unmet guarantees, then
 * everybody. What fits of an agent goes to one client whole; what is left, to the next that it
 * fits.
 *
 * <p>On each agent those that have not refused it yet come before those whose refusal is over: a
 * framework with a small share that never takes anything would else be asked again and again, and
 * others never (docs/decisions/0012).
 */
final class Round {

  /** A round has two stages. */
  private enum Stage {
    GUARANTEES,
    ALL
  }

  private final View view;
  private final Map<AgentSlot, Portion> left = new LinkedHashMap<>();
  private final List<ProposedOffer> offers = new ArrayList<>();

  Round(View view) {
    this.view = view;
  }

  /** The offers to make, in order. */
  List<ProposedOffer> run(List<AgentSlot> agents) {
    if (view.ledger().unsatisfied()) {
      for (AgentSlot slot : agents) {
        if (!view.ledger().unsatisfied()) {
          break;
        }
        new Serving(slot, Stage.GUARANTEES).serve();
      }
    }
    for (AgentSlot slot : agents) {
      new Serving(slot, Stage.ALL).serve();
    }
    return offers;
  }

  /** Given and not yet counted: the order stands still while an agent is looked at. */
  private record Given(Client client, Fit fit) {}

  /** This visitor serves one agent in one stage. */
  private final class Serving implements Group.Visitor {
    private final AgentSlot slot;
    private final Stage stage;
    private final List<Given> given = new ArrayList<>();
    private final Set<Client> served = new LinkedHashSet<>();
    private Portion portion;
    private BitSet worthTrying;
    private boolean second;

    Serving(AgentSlot slot, Stage stage) {
      this.slot = slot;
      this.stage = stage;
      this.portion = left.getOrDefault(slot, slot.portion());
    }

    void serve() {
      pass(false);
      pass(true);
      for (Given portion : given) {
        view.clients().give(portion.client, portion.fit.amounts());
      }
    }

    private void pass(boolean secondPass) {
      if (portion == null) {
        return;
      }
      second = secondPass;
      worthTrying = (BitSet) view.clients().eager().clone();
      if (whole()) {
        worthTrying.andNot(slot.refused);
        worthTrying.andNot(slot.unfit);
        if (!second) {
          worthTrying.andNot(slot.spent);
        }
      }
      if (!worthTrying.isEmpty()) {
        view.clients().root().walk(this);
      }
    }

    private boolean whole() {
      return portion == slot.portion();
    }

    /** Only roles that may get something of this. */
    @Override
    public boolean enter(Group group) {
      if (stage == Stage.GUARANTEES && group.parent.parent == null) {
        return group.quota != null && group.quota.unsatisfied();
      }
      return group.quota == null
          || !group.quota.exhausted()
          || !portion.allPlain()
          || view.clients().haveOwnRules();
    }

    /** Whether nothing is left for whoever comes after. */
    @Override
    public boolean visit(Client client) {
      if (!worthTrying.get(client.index) || served.contains(client)) {
        return false;
      }
      Ledger.Entry quota = client.quota();
      Fit fit = fit(client);
      if (fit == null) {
        return false;
      }
      Fit allowed = allowed(client, fit, quota);
      if (allowed == null) {
        return false;
      }
      boolean less = allowed != fit;
      if (stage == Stage.GUARANTEES && !contributes(allowed, quota)) {
        return false;
      }
      if ((less || !whole()) && refused(client, allowed.resources())) {
        return false;
      }
      give(client, allowed, quota);
      return portion == null;
    }

    /** What of the portion the client may have, whatever its quota; null for nothing. */
    private Fit fit(Client client) {
      boolean possible =
          (slot.near() || client.regionAware())
              && (!slot.hasGpus() || client.takesGpus())
              && (!client.constrained()
                  || OfferConstraintsMatch.wants(
                      client.framework(), client.role, slot.agent().info()));
      Fit fit = possible ? portion.fit(client) : null;
      if (fit == null || fit.resources().isEmpty() || !worth(client, fit.amounts(), fit)) {
        if (whole()) {
          slot.unfit.set(client.index);
        }
        return null;
      }
      return fit;
    }

    /** The fit decides only for those with a rule of their own. */
    private boolean worth(Client client, long[] amounts, Fit fit) {
      return client.hasOwnRule()
          ? WorthOffering.byOwnRule(client.framework(), client.role, fit.resources())
          : view.enough().is(amounts);
    }

    /**
     * With no more than the quotas allow: the same if that is all, null if it is not worth an
     * offer.
     */
    private Fit allowed(Client client, Fit fit, Ledger.Entry quota) {
      boolean all = true;
      long[] charge = fit.charge();
      for (int place = 0; place < charge.length && all; place++) {
        all = charge[place] <= bound(quota, place);
      }
      if (all) {
        return fit;
      }
      long[] bounds = new long[charge.length];
      long[] amounts = fit.amounts().clone();
      for (int place = 0; place < charge.length; place++) {
        bounds[place] = bound(quota, place);
        amounts[place] -= Math.max(0, charge[place] - bounds[place]);
      }
      if (!client.hasOwnRule() && !worth(client, amounts, fit)) {
        return null;
      }
      Fit cut = fit.atMost(view.scalars().named(bounds, charge), view.scalars());
      return !cut.resources().isEmpty() && worth(client, cut.amounts(), cut) ? cut : null;
    }

    private long bound(Ledger.Entry quota, int place) {
      return stage == Stage.GUARANTEES
          ? view.ledger().boundOfGuarantee(quota, place)
          : view.ledger().bound(quota, place);
    }

    private boolean contributes(Fit fit, Ledger.Entry quota) {
      for (int place = 0; place < fit.charge().length; place++) {
        if (fit.charge()[place] > 0 && quota.unsatisfied(place) > 0) {
          return true;
        }
      }
      return false;
    }

    /** What the bits do not say: they are for the whole portion. */
    private boolean refused(Client client, Resources resources) {
      long now = view.state().cluster().timeNanos();
      for (Filter filter : slot.filters(client.index)) {
        if ((filter.refuses(now) || !second) && filter.resources().contains(resources)) {
          return true;
        }
      }
      return false;
    }

    private void give(Client client, Fit fit, Ledger.Entry quota) {
      offers.add(
          ProposedOffer.newBuilder()
              .setFrameworkId(client.id.value())
              .setAgentId(slot.id.value())
              .setRole(client.role)
              .addAllResources(fit.protos())
              .build());
      given.add(new Given(client, fit));
      served.add(client);
      view.ledger().give(quota, fit.charge());
      Resources rest = portion.without(fit.resources());
      Portion next = rest.isEmpty() ? null : new Portion(rest, view.scalars(), view.enough());
      boolean ofUse = next != null && (next.worthAnything() || view.clients().haveOwnRules());
      portion = ofUse ? next : null;
      left.put(slot, portion);
      worthTrying = view.clients().eager();
    }
  }
}
