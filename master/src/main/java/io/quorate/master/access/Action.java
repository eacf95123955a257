package io.quorate.master.access;

import java.util.Locale;
import java.util.Optional;

/** What an ACL can be about, of what this master has a face for (Mesos 8.2). */
public enum Action {
  REGISTER_FRAMEWORKS("roles"),
  RUN_TASKS("users"),
  TEARDOWN_FRAMEWORKS("framework_principals"),
  RESERVE_RESOURCES("roles"),
  UNRESERVE_RESOURCES("reserver_principals"),
  CREATE_VOLUMES("roles"),
  DESTROY_VOLUMES("creator_principals"),
  RESIZE_VOLUMES("roles"),
  GET_QUOTAS("roles"),
  UPDATE_QUOTAS("roles"),
  UPDATE_WEIGHTS("roles"),
  VIEW_ROLES("roles"),
  VIEW_FRAMEWORKS("users"),
  VIEW_TASKS("users"),
  VIEW_EXECUTORS("users"),
  VIEW_FLAGS("flags"),
  GET_ENDPOINTS("paths"),
  ACCESS_MESOS_LOGS("logs"),
  GET_MAINTENANCE_SCHEDULES("machines"),
  GET_MAINTENANCE_STATUSES("machines"),
  UPDATE_MAINTENANCE_SCHEDULES("machines"),
  START_MAINTENANCES("machines"),
  STOP_MAINTENANCES("machines"),
  DRAIN_AGENTS("agents"),
  DEACTIVATE_AGENTS("agents"),
  REACTIVATE_AGENTS("agents"),
  MARK_AGENTS_GONE("agents"),
  /** Ours: the members, the leader and snapshots of the quorum. */
  UPDATE_QUORUM("members"),
  /** Ours: the variables of frameworks. */
  ACCESS_VARIABLES("namespaces");

  private final String objects;

  Action(String objects) {
    this.objects = objects;
  }

  /** The name of an ACL's list of objects. */
  public String objects() {
    return objects;
  }

  /** The name of its ACLs. */
  public String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether an object may be meant with all below it, as {@code eng/%} (CP-459). */
  boolean hierarchical() {
    return objects.equals("roles");
  }

  /** Whether objects have no names: an ACL says ANY or NONE of them. */
  public boolean nameless() {
    return switch (objects) {
      case "flags", "logs", "machines", "agents", "members" -> true;
      default -> false;
    };
  }

  /** The action of this name. */
  public static Optional<Action> of(String key) {
    for (Action action : values()) {
      if (action.key().equals(key)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }
}
