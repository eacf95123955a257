package io.quorate.master.http.access;

import io.quorate.master.access.Acls;
import io.quorate.master.access.Action;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.entity.RunAs;
import io.quorate.master.state.entity.Task;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Resource;
import java.util.List;

/**
 * What one principal is shown; the rest is left out without a word (CP-457).
 *
 * @param principal empty for who has no name
 */
public record Visibility(Acls acls, String principal) {
  /** Everything. */
  public static final Visibility ALL = new Visibility(Acls.OPEN, "");

  public boolean framework(Framework framework) {
    return acls.open(Action.VIEW_FRAMEWORKS)
        || acls.allow(Action.VIEW_FRAMEWORKS, principal, framework.info().getUser());
  }

  /** Of a framework that is shown. */
  public boolean task(Framework framework, Task task) {
    if (acls.open(Action.VIEW_TASKS)) {
      return true;
    }
    String user = RunAs.user(task.taskInfo(), framework.info());
    return acls.allow(Action.VIEW_TASKS, principal, user);
  }

  /** Of a framework that is shown. */
  public boolean executor(Framework framework, Executor executor) {
    return acls.open(Action.VIEW_EXECUTORS)
        || acls.allow(
            Action.VIEW_EXECUTORS, principal, RunAs.user(executor.info(), framework.info()));
  }

  public boolean role(String role) {
    return acls.open(Action.VIEW_ROLES) || acls.allow(Action.VIEW_ROLES, principal, role);
  }

  public boolean quota(String role) {
    return acls.open(Action.GET_QUOTAS) || acls.allow(Action.GET_QUOTAS, principal, role);
  }

  /** Those that no role has, or one that is shown. */
  public List<Resource> resources(List<Resource> resources) {
    return acls.open(Action.VIEW_ROLES)
        ? resources
        : resources.stream().filter(this::resource).toList();
  }

  private boolean resource(Resource resource) {
    int depth = resource.getReservationsCount();
    return (depth == 0 || role(resource.getReservations(depth - 1).getRole()))
        && (!resource.hasAllocationInfo() || role(resource.getAllocationInfo().getRole()));
  }

  /** Of resources that no role has, or one that is shown. */
  public boolean operation(Operation operation) {
    Offer.Operation info = operation.info();
    List<Resource> about =
        switch (info.getType()) {
          case RESERVE -> info.getReserve().getResourcesList();
          case UNRESERVE -> info.getUnreserve().getResourcesList();
          case CREATE -> info.getCreate().getVolumesList();
          case DESTROY -> info.getDestroy().getVolumesList();
          case GROW_VOLUME -> List.of(info.getGrowVolume().getVolume());
          case SHRINK_VOLUME -> List.of(info.getShrinkVolume().getVolume());
          default -> List.of();
        };
    return resources(about).size() == about.size();
  }

  /** Whether things without names are shown: flags, logs, machines. */
  public boolean all(Action action) {
    return acls.allow(action, principal);
  }

  public boolean endpoint(String path) {
    return acls.allow(Action.GET_ENDPOINTS, principal, path);
  }
}
