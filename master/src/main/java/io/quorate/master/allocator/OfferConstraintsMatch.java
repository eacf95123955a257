package io.quorate.master.allocator;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.quorate.master.state.entity.Framework;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.Attribute;
import io.quorate.protocol.v1.DomainInfo.FaultDomain;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.scheduler.AttributeConstraint;
import io.quorate.protocol.v1.scheduler.OfferConstraints.RoleConstraints;
import java.util.Optional;

/**
 * Whether an agent is one that a framework wants offers of (Mesos 3.5, offer constraints): any
 * group of its role holds, and a group holds if all its constraints do. Patterns are of RE2, whose
 * time is linear in the text.
 */
public final class OfferConstraintsMatch {
  private OfferConstraintsMatch() {}

  /** A role without constraints wants any agent. */
  static boolean wants(Framework framework, String role, AgentInfo agent) {
    RoleConstraints constraints = framework.constraints().getRoleConstraintsMap().get(role);
    if (constraints == null) {
      return true;
    }
    for (RoleConstraints.Group group : constraints.getGroupsList()) {
      if (group.getAttributeConstraintsList().stream()
          .allMatch(constraint -> holds(constraint, agent))) {
        return true;
      }
    }
    return false;
  }

  /** What is wrong with a pattern; empty if it can be used. */
  public static Optional<String> validate(String regex) {
    try {
      Pattern.compile(regex);
      return Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of("'" + regex + "' is no RE2 pattern: " + e.getDescription());
    }
  }

  /** What a selector finds: nothing, a text, or something else. */
  private record Found(boolean present, Optional<String> text) {
    static final Found NOTHING = new Found(false, Optional.empty());

    static Found text(String text) {
      return new Found(true, Optional.of(text));
    }
  }

  private static Found find(AttributeConstraint.Selector selector, AgentInfo agent) {
    if (selector.hasAttributeName()) {
      for (Attribute attribute : agent.getAttributesList()) {
        if (attribute.getName().equals(selector.getAttributeName())) {
          return attribute.getType() == Value.Type.TEXT
              ? Found.text(attribute.getText().getValue())
              : new Found(true, Optional.empty());
        }
      }
      return Found.NOTHING;
    }
    FaultDomain domain = agent.getDomain().getFaultDomain();
    return switch (selector.getPseudoattributeType()) {
      case HOSTNAME -> Found.text(agent.getHostname());
      case REGION -> agent.hasDomain() ? Found.text(domain.getRegion().getName()) : Found.NOTHING;
      case ZONE -> agent.hasDomain() ? Found.text(domain.getZone().getName()) : Found.NOTHING;
      case UNKNOWN -> Found.NOTHING;
    };
  }

  /** What is not a text satisfies every comparison; what is absent satisfies the negative ones. */
  private static boolean holds(AttributeConstraint constraint, AgentInfo agent) {
    Found found = find(constraint.getSelector(), agent);
    AttributeConstraint.Predicate predicate = constraint.getPredicate();
    return switch (predicate.getPredicateCase()) {
      case EXISTS -> found.present();
      case NOT_EXISTS -> !found.present();
      case TEXT_EQUALS ->
          found.present()
              && found.text().map(predicate.getTextEquals().getValue()::equals).orElse(true);
      case TEXT_NOT_EQUALS ->
          found
              .text()
              .map(text -> !text.equals(predicate.getTextNotEquals().getValue()))
              .orElse(true);
      case TEXT_MATCHES ->
          found.present()
              && found
                  .text()
                  .map(text -> Pattern.matches(predicate.getTextMatches().getRegex(), text))
                  .orElse(true);
      case TEXT_NOT_MATCHES ->
          found
              .text()
              .map(text -> !Pattern.matches(predicate.getTextNotMatches().getRegex(), text))
              .orElse(true);
      case PREDICATE_NOT_SET -> false;
    };
  }
}
