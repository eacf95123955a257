package io.quorate.master.access;

import java.util.List;
import java.util.Optional;

/**
 * Whom or what an ACL is about: anybody, nobody, or these.
 *
 * @param values the names if some are meant, else empty
 */
public record Entity(Kind kind, List<String> values) {

  /** Anybody, nobody, or some. */
  public enum Kind {
    SOME,
    ANY,
    NONE
  }

  public Entity {
    values = List.copyOf(values);
  }

  /** Whether an ACL with this entity is about who is asked for. No name: an unnamed one. */
  boolean concerns(Optional<String> name, boolean hierarchical) {
    return kind != Kind.SOME || names(name, hierarchical);
  }

  /** Whether an ACL with this entity that concerns who is asked for lets it pass. */
  boolean allows(Optional<String> name, boolean hierarchical) {
    return kind == Kind.ANY || (kind == Kind.SOME && names(name, hierarchical));
  }

  private boolean names(Optional<String> name, boolean hierarchical) {
    return name.isPresent()
        && values.stream()
            .anyMatch(
                value ->
                    (hierarchical && value.endsWith("/%"))
                        ? name.get().startsWith(value.substring(0, value.length() - 1))
                        : value.equals(name.get()));
  }
}
