package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.launching;
import static io.quorate.master.decide.Scenario.task;

import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.master.Call;
import java.util.ArrayList;
import java.util.List;

/**
 * Frameworks that want as many tasks of one shape as they can get (the model of Ghodsi et al., NSDI
 * 2011): each takes one task of an offer and gives the rest back, or refuses what it cannot use.
 */
final class Demands {
  private static final double FOR_LONG = 1e6;

  /** Who took a task, in order. */
  final List<Integer> picks = new ArrayList<>();

  private final Scenario scenario;
  private final List<String> shapes = new ArrayList<>();
  private final List<Integer> running = new ArrayList<>();
  private int names;

  Demands(Scenario scenario) {
    this.scenario = scenario;
  }

  /** A framework in its role; its number. */
  Demands wants(String role, String shape) {
    int number = shapes.size();
    scenario.subscribe(framework("f" + number).clearRoles().addRoles(role), "s" + number);
    shapes.add(shape);
    running.add(0);
    return this;
  }

  Demands weighs(String role, double weight) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.UPDATE_WEIGHTS);
    call.getUpdateWeightsBuilder().addWeightInfosBuilder().setRole(role).setWeight(weight);
    scenario.operator(call);
    return this;
  }

  /** Until nobody takes anything any more. */
  Demands fill() {
    while (true) {
      scenario.allocate();
      if (scenario.offers().isEmpty()) {
        return this;
      }
      for (String offer : scenario.offers()) {
        answer(scenario.state().offers().get(new OfferId(offer)));
      }
    }
  }

  private void answer(Offer offer) {
    int number = Integer.parseInt(offer.framework().value().substring("c-".length()));
    int agent = Integer.parseInt(offer.agent().value().substring("c-S".length()));
    String shape = shapes.get(number);
    boolean enough = offer.resources().contains(Resources.of(ResourceText.parse(shape)));
    var call =
        from(
            number,
            enough
                ? io.quorate.protocol.v1.scheduler.Call.Type.ACCEPT
                : io.quorate.protocol.v1.scheduler.Call.Type.DECLINE);
    if (enough) {
      call.getAcceptBuilder().addOfferIdsBuilder().setValue(offer.id().value());
      call.getAcceptBuilder().addOperations(launching(task("t" + names++, agent, shape)));
      call.getAcceptBuilder().getFiltersBuilder().setRefuseSeconds(0);
      picks.add(number);
      running.set(number, running.get(number) + 1);
    } else {
      call.getDeclineBuilder().addOfferIdsBuilder().setValue(offer.id().value());
      call.getDeclineBuilder().getFiltersBuilder().setRefuseSeconds(FOR_LONG);
    }
    scenario.schedulerCall(call, "s" + number);
  }

  /** How many tasks each framework runs. */
  List<Integer> running() {
    return running;
  }
}
