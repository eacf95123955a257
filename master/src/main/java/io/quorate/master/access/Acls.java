package io.quorate.master.access;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rules of who may do what. The first rule that concerns principal and object decides; if there
 * is none, {@code permissive} does (CP-456). A rule with NONE concerns everything and forbids it.
 *
 * @param permissive whether that is allowed of which no rule speaks
 * @param rules by action, in the order that they were given in
 */
public record Acls(boolean permissive, Map<Action, List<Rule>> rules) {
  /** Without rules everything is allowed (CP-455). */
  public static final Acls OPEN = new Acls(true, Map.of());

  /** One ACL. */
  public record Rule(Entity principals, Entity objects) {}

  public Acls {
    Map<Action, List<Rule>> copy = new EnumMap<>(Action.class);
    rules.forEach((action, list) -> copy.put(action, List.copyOf(list)));
    rules = Collections.unmodifiableMap(copy);
  }

  /**
   * Whether a principal may do this with a thing of this name.
   *
   * @param principal empty for who has none: only ANY is meant to include it
   */
  public boolean allow(Action action, String principal, String object) {
    return allow(action, principal, Optional.of(object));
  }

  /** The same where things have no names, or where all of them are meant. */
  public boolean allow(Action action, String principal) {
    return allow(action, principal, Optional.empty());
  }

  /**
   * Whether a principal may read and write the variables of a namespace. Where no rule speaks of
   * it, a principal has the namespace of its own name and no other; who has no name, since nobody
   * has to log in, has all.
   */
  public boolean allowVariables(String principal, String namespace) {
    boolean own = principal.isEmpty() || principal.equals(namespace);
    return said(Action.ACCESS_VARIABLES, principal, Optional.of(namespace))
        .orElse(permissive && own);
  }

  private boolean allow(Action action, String principal, Optional<String> object) {
    return said(action, principal, object).orElse(permissive);
  }

  /** What the first rule that concerns them says; empty if there is none. */
  private Optional<Boolean> said(Action action, String principal, Optional<String> object) {
    Optional<String> subject = principal.isEmpty() ? Optional.empty() : Optional.of(principal);
    for (Rule rule : rules.getOrDefault(action, List.of())) {
      if (rule.principals().concerns(subject, false)
          && rule.objects().concerns(object, action.hierarchical())) {
        return Optional.of(
            rule.principals().allows(subject, false)
                && rule.objects().allows(object, action.hierarchical()));
      }
    }
    return Optional.empty();
  }

  /** Whether nothing is forbidden: then nothing needs to be looked at. */
  public boolean open(Action action) {
    return permissive && !rules.containsKey(action);
  }
}
