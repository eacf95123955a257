package io.quorate.master.decide.validation;

import io.quorate.master.allocator.OfferConstraintsMatch;
import io.quorate.master.decide.draft.Policy;
import io.quorate.protocol.Identifiers;
import io.quorate.protocol.Roles;
import io.quorate.protocol.resources.FixedPoint;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.OfferFilters;
import io.quorate.protocol.v1.scheduler.AttributeConstraint;
import io.quorate.protocol.v1.scheduler.OfferConstraints;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rules for what a framework says of itself, at SUBSCRIBE and UPDATE_FRAMEWORK (Mesos 3.1). */
public final class FrameworkValidation {
  /** A regular expression of offer constraints has at most this many characters. */
  private static final int REGEX_CHARS_MAX = 256;

  private FrameworkValidation() {}

  /** What is wrong, naming field and rule; empty if nothing is. */
  public static Optional<String> validate(
      FrameworkInfo info, List<String> suppressed, OfferConstraints constraints, Policy policy) {
    return validateRoles(info, policy)
        .or(() -> validateId(info))
        .or(() -> validateFilters(info))
        .or(() -> validateTimeout(info))
        .or(() -> validateUser(info, policy))
        .or(() -> validateSuppressed(info, suppressed))
        .or(() -> validateConstraints(info, constraints));
  }

  private static Optional<String> validateRoles(FrameworkInfo info, Policy policy) {
    boolean multiRole =
        info.getCapabilitiesList().stream()
            .anyMatch(
                capability -> capability.getType() == FrameworkInfo.Capability.Type.MULTI_ROLE);
    if (!multiRole && info.getRolesCount() > 0) {
      return Optional.of(
          "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable");
    }
    if (!multiRole) {
      return Roles.validate(info.getRole())
          .map(why -> "'FrameworkInfo.role' is not a valid role: " + why)
          .or(() -> validateWhitelist(List.of(info.getRole()), policy));
    }
    if (info.hasRole()) {
      return Optional.of(
          "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable");
    }
    TreeSet<String> seen = new TreeSet<>();
    TreeSet<String> twice = new TreeSet<>();
    for (String role : info.getRolesList()) {
      if (!seen.add(role)) {
        twice.add(role);
      }
    }
    if (!twice.isEmpty()) {
      return Optional.of("'FrameworkInfo.roles' contains duplicate items: " + braces(twice));
    }
    for (String role : info.getRolesList()) {
      Optional<String> why = Roles.validate(role);
      if (why.isPresent()) {
        return Optional.of("'FrameworkInfo.roles' contains invalid role: " + why.get());
      }
    }
    return validateWhitelist(info.getRolesList(), policy);
  }

  private static Optional<String> validateWhitelist(List<String> roles, Policy policy) {
    TreeSet<String> strangers = new TreeSet<>();
    roles.stream().filter(role -> !policy.allows(role)).forEach(strangers::add);
    return strangers.isEmpty()
        ? Optional.empty()
        : Optional.of("Roles " + braces(strangers) + " are not present in the master's --roles");
  }

  private static Optional<String> validateId(FrameworkInfo info) {
    return info.hasId() && !info.getId().getValue().isEmpty()
        ? Identifiers.validate(info.getId().getValue())
        : Optional.empty();
  }

  private static Optional<String> validateFilters(FrameworkInfo info) {
    for (var role : new TreeMap<>(info.getOfferFiltersMap()).entrySet()) {
      String where = "'FrameworkInfo.offer_filters' of role '" + role.getKey() + "'";
      for (OfferFilters.ResourceQuantities set :
          role.getValue().getMinAllocatableResources().getQuantitiesList()) {
        if (set.getQuantitiesCount() == 0) {
          return Optional.of(where + " contains an empty set of quantities");
        }
        for (var quantity : new TreeMap<>(set.getQuantitiesMap()).entrySet()) {
          long millis = FixedPoint.millis(quantity.getValue());
          if (millis < 0 || millis == Long.MAX_VALUE) {
            return Optional.of(
                where
                    + ": the quantity of '"
                    + quantity.getKey()
                    + "' is invalid: "
                    + FixedPoint.text(quantity.getValue().getValue()));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> validateTimeout(FrameworkInfo info) {
    long nanos = FixedPoint.nanos(info.getFailoverTimeout());
    // About 292 years are what fits into 64 bits (CP-120).
    return nanos == Long.MAX_VALUE || nanos == Long.MIN_VALUE
        ? Optional.of(
            "The framework's failover_timeout "
                + FixedPoint.text(info.getFailoverTimeout())
                + " is invalid")
        : Optional.empty();
  }

  private static Optional<String> validateUser(FrameworkInfo info, Policy policy) {
    if (policy.rootSubmissions()) {
      return Optional.empty();
    }
    if (info.getUser().isEmpty()) {
      // An agent would take its own, which mostly is root.
      return Optional.of("'FrameworkInfo.user' must name a user without --root_submissions");
    }
    return info.getUser().equals("root")
        ? Optional.of("User 'root' is not allowed to run frameworks without --root_submissions")
        : Optional.empty();
  }

  private static Optional<String> validateSuppressed(FrameworkInfo info, List<String> suppressed) {
    TreeSet<String> strangers = new TreeSet<>(suppressed);
    strangers.removeAll(roles(info));
    return strangers.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "Suppressed roles " + braces(strangers) + " are not contained in the set of roles");
  }

  /** The roles that it names, in order. */
  public static TreeSet<String> roles(FrameworkInfo info) {
    return info.getRolesCount() > 0
        ? new TreeSet<>(info.getRolesList())
        : new TreeSet<>(List.of(info.getRole()));
  }

  /** Mesos 3.5: OR of groups, AND within; nothing may be empty. */
  private static Optional<String> validateConstraints(
      FrameworkInfo info, OfferConstraints constraints) {
    for (var role : new TreeMap<>(constraints.getRoleConstraintsMap()).entrySet()) {
      String where = "'offer_constraints' of role '" + role.getKey() + "'";
      if (!roles(info).contains(role.getKey())) {
        return Optional.of(where + ": the framework does not have this role");
      }
      if (role.getValue().getGroupsCount() == 0) {
        return Optional.of(where + ": 'groups' is empty");
      }
      for (OfferConstraints.RoleConstraints.Group group : role.getValue().getGroupsList()) {
        if (group.getAttributeConstraintsCount() == 0) {
          return Optional.of(where + ": a group has no 'attribute_constraints'");
        }
        for (AttributeConstraint constraint : group.getAttributeConstraintsList()) {
          Optional<String> wrong = validate(constraint);
          if (wrong.isPresent()) {
            return Optional.of(where + ": " + wrong.get());
          }
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> validate(AttributeConstraint constraint) {
    AttributeConstraint.Selector selector = constraint.getSelector();
    boolean pseudo =
        selector.hasPseudoattributeType()
            && selector.getPseudoattributeType()
                != AttributeConstraint.Selector.PseudoattributeType.UNKNOWN;
    if (!pseudo && !selector.hasAttributeName()) {
      return Optional.of("'selector' names no attribute");
    }
    AttributeConstraint.Predicate predicate = constraint.getPredicate();
    if (predicate.getPredicateCase()
        == AttributeConstraint.Predicate.PredicateCase.PREDICATE_NOT_SET) {
      return Optional.of("'predicate' is not set, or unknown");
    }
    String regex =
        predicate.hasTextMatches()
            ? predicate.getTextMatches().getRegex()
            : predicate.getTextNotMatches().getRegex();
    return regex.length() > REGEX_CHARS_MAX
        ? Optional.of("'regex' is longer than " + REGEX_CHARS_MAX + " characters")
        : OfferConstraintsMatch.validate(regex);
  }

  private static String braces(Iterable<String> items) {
    return "{ " + String.join(", ", items) + " }";
  }
}
