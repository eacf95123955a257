package io.quorate.protocol;

import java.util.Optional;

/** The names of roles and their tree (Mesos 2.2, CP-080 to CP-082). */
public final class Roles {
  /** This is the default role, which is nobody's. */
  public static final String ANY = "*";

  /** A role has at most this many characters, which bounds the depth of the tree too. */
  public static final int LENGTH_MAX = 1024;

  private Roles() {}

  /** What is wrong with the role; empty if it is valid. */
  public static Optional<String> validate(String role) {
    if (role.equals(ANY)) {
      return Optional.empty();
    }
    if (role.isEmpty()) {
      return Optional.of("Empty role name is invalid");
    }
    if (role.length() > LENGTH_MAX) {
      return Optional.of("A role has more than " + LENGTH_MAX + " characters");
    }
    if (role.startsWith("/")) {
      return Optional.of("Role '" + role + "' cannot start with a slash");
    }
    if (role.endsWith("/")) {
      return Optional.of("Role '" + role + "' cannot end with a slash");
    }
    if (role.contains("//")) {
      return Optional.of("Role '" + role + "' cannot contain two adjacent slashes");
    }
    for (String component : role.split("/")) {
      Optional<String> wrong = component(component);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private static Optional<String> component(String component) {
    if (component.equals(".") || component.equals("..") || component.equals(ANY)) {
      return Optional.of("Role component '" + component + "' is invalid");
    }
    if (component.startsWith("-")) {
      return Optional.of(
          "Role component '" + component + "' is invalid because it begins with a dash");
    }
    boolean blank =
        component.chars().anyMatch(c -> c == ' ' || c == 0x7f || (c >= 0x08 && c <= 0x0d));
    return blank
        ? Optional.of(
            "Role component '"
                + component
                + "' is invalid because it contains backspace or whitespace")
        : Optional.empty();
  }

  /** Says whether a role lies below another in the tree. */
  public static boolean strictSubRole(String role, String ancestor) {
    return role.startsWith(ancestor + "/");
  }

  /** The first component: quota is kept there (Mesos 5.4). */
  public static String topLevel(String role) {
    int slash = role.indexOf('/');
    return slash < 0 ? role : role.substring(0, slash);
  }

  /** Whether what is reserved for one role may go to another: the same, or one below it. */
  public static boolean covers(String reserved, String role) {
    return role.equals(reserved) || strictSubRole(role, reserved);
  }
}
