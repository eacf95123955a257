package io.quorate.master.decide.operator;

import io.quorate.master.decide.draft.Policy;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Role;
import io.quorate.protocol.Roles;
import io.quorate.protocol.resources.FixedPoint;
import io.quorate.protocol.resources.Limits;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.quota.QuotaConfig;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/** What may be wrong with quotas (Mesos 5.4), the text naming the role and the rule. */
public final class QuotaValidation {
  /** This is one exabyte in thousandths of megabytes. */
  private static final long MEGABYTES_MILLIS_MAX = (1L << 40) * 1000;

  private static final long OTHERS_MILLIS_MAX = 1_000_000_000_000L * 1000;

  private QuotaValidation() {}

  /** The last says how guarantees beyond the cluster are refused. */
  public static Optional<Refusal> validate(
      MasterState state,
      List<QuotaConfig> configs,
      boolean force,
      Policy policy,
      Function<String, Refusal> overcommit) {
    TreeSet<String> named = new TreeSet<>();
    for (QuotaConfig config : configs) {
      String role = config.getRole();
      Optional<String> wrong =
          named.add(role) ? validate(config, policy) : Optional.of("The role is named twice");
      if (wrong.isEmpty() && !force) {
        wrong = beyondLimit(state, config);
      }
      if (wrong.isPresent()) {
        return Optional.of(
            Refusal.badRequest("Invalid QuotaConfig for role '" + role + "': " + wrong.get()));
      }
    }
    return force ? Optional.empty() : overcommitted(state, configs).map(overcommit);
  }

  private static Optional<String> validate(QuotaConfig config, Policy policy) {
    String role = config.getRole();
    Optional<String> name = Roles.validate(role);
    if (name.isPresent()) {
      return name;
    }
    if (role.equals(Roles.ANY)) {
      return Optional.of("The default role '*' cannot have a quota");
    }
    if (role.indexOf('/') >= 0) {
      return Optional.of("Setting quota on nested roles is not supported");
    }
    if (!policy.allows(role)) {
      return Optional.of("The role is not on the master's list of roles");
    }
    Optional<String> guarantees = validate("guarantees", config.getGuaranteesMap());
    if (guarantees.isPresent()) {
      return guarantees;
    }
    Optional<String> limits = validate("limits", config.getLimitsMap());
    if (limits.isPresent()) {
      return limits;
    }
    Limits limit = Limits.of(config.getLimitsMap());
    Quantities guarantee = Quantities.ofMillis(Limits.millis(config.getGuaranteesMap()));
    return limit
        .beyond(guarantee)
        .map(beyond -> "The guarantee of '" + beyond + "' is above its limit");
  }

  private static Optional<String> validate(String field, Map<String, Value.Scalar> scalars) {
    for (Map.Entry<String, Value.Scalar> scalar : new TreeMap<>(scalars).entrySet()) {
      long millis = FixedPoint.millis(scalar.getValue());
      boolean megabytes = scalar.getKey().equals("mem") || scalar.getKey().equals("disk");
      if (scalar.getKey().isEmpty()
          || millis < 0
          || millis > (megabytes ? MEGABYTES_MILLIS_MAX : OTHERS_MILLIS_MAX)) {
        return Optional.of(
            "'"
                + field
                + "' has "
                + FixedPoint.text(scalar.getValue().getValue())
                + " of '"
                + scalar.getKey()
                + "': it must be a number from 0 to "
                + (megabytes ? "2^40 (megabytes)" : "10^12"));
      }
    }
    return Optional.empty();
  }

  /** What is only on offer does not count: those offers go back. */
  private static Optional<String> beyondLimit(MasterState state, QuotaConfig config) {
    Quantities offered = Quantities.NONE;
    Quantities consumed = state.consumed(config.getRole());
    for (Offer offer : state.offers().values()) {
      if (Roles.topLevel(offer.role()).equals(config.getRole())) {
        offered = offered.plus(MasterState.charge(offer.resources()));
      }
    }
    Quantities used = consumed.beyond(offered);
    return Limits.of(config.getLimitsMap())
        .beyond(used)
        .map(
            name ->
                "The limit of '"
                    + name
                    + "' is below what the role consumes already (use 'force' to bypass this"
                    + " check): "
                    + used);
  }

  private static Optional<String> overcommitted(MasterState state, List<QuotaConfig> configs) {
    TreeMap<String, Quantities> guarantees = new TreeMap<>();
    for (Role role : state.roles().values()) {
      guarantees.put(role.name(), role.guarantees());
    }
    boolean any = false;
    for (QuotaConfig config : configs) {
      guarantees.put(
          config.getRole(), Quantities.ofMillis(Limits.millis(config.getGuaranteesMap())));
      any |= !guarantees.get(config.getRole()).isEmpty();
    }
    Quantities total = Quantities.NONE;
    for (Quantities guarantee : guarantees.values()) {
      total = total.plus(guarantee);
    }
    Quantities capacity = Quantities.NONE;
    for (Agent agent : state.agents().values()) {
      if (!agent.unreachable()) {
        capacity =
            capacity.plus(
                Quantities.of(agent.total().filter(resource -> !resource.hasRevocable())));
      }
    }
    return !any || capacity.contains(total)
        ? Optional.empty()
        : Optional.of(
            "Quota guarantees overcommit the cluster (use 'force' to bypass this check): Total"
                + " quota guarantees '"
                + total
                + "' exceed cluster capacity '"
                + capacity
                + "'");
  }
}
