package io.quorate.master.decide;

import io.quorate.master.access.Acls;
import io.quorate.master.access.Action;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.master.Call;
import java.util.List;
import java.util.Optional;

/**
 * Which calls an operator may make (CP-458). Those about resources are judged by {@link
 * Permissions}, once they are known to make sense.
 */
record OperatorPermissions(Acls acls, String principal) {

  /** Why not; empty if it may, or if the call is about nothing that is known. */
  Optional<String> wrong(MasterState state, Call call) {
    return switch (call.getType()) {
      case TEARDOWN ->
          state
              .frameworks()
              .find(new FrameworkId(call.getTeardown().getFrameworkId().getValue()))
              .flatMap(
                  framework ->
                      wrong(Action.TEARDOWN_FRAMEWORKS, List.of(framework.info().getPrincipal())));
      case MARK_AGENT_GONE -> wrong(Action.MARK_AGENTS_GONE);
      case DRAIN_AGENT -> wrong(Action.DRAIN_AGENTS);
      case DEACTIVATE_AGENT -> wrong(Action.DEACTIVATE_AGENTS);
      case REACTIVATE_AGENT -> wrong(Action.REACTIVATE_AGENTS);
      case UPDATE_MAINTENANCE_SCHEDULE -> wrong(Action.UPDATE_MAINTENANCE_SCHEDULES);
      case START_MAINTENANCE -> wrong(Action.START_MAINTENANCES);
      case STOP_MAINTENANCE -> wrong(Action.STOP_MAINTENANCES);
      case UPDATE_WEIGHTS ->
          wrong(
              Action.UPDATE_WEIGHTS,
              call.getUpdateWeights().getWeightInfosList().stream()
                  .map(each -> each.getRole())
                  .toList());
      case UPDATE_QUOTA ->
          wrong(
              Action.UPDATE_QUOTAS,
              call.getUpdateQuota().getQuotaConfigsList().stream()
                  .map(each -> each.getRole())
                  .toList());
      case SET_QUOTA ->
          wrong(Action.UPDATE_QUOTAS, List.of(call.getSetQuota().getQuotaRequest().getRole()));
      case REMOVE_QUOTA -> wrong(Action.UPDATE_QUOTAS, List.of(call.getRemoveQuota().getRole()));
      default -> Optional.empty();
    };
  }

  private Optional<String> wrong(Action action) {
    return acls.allow(action, principal) ? Optional.empty() : Optional.of(text(action));
  }

  private Optional<String> wrong(Action action, List<String> objects) {
    return objects.stream().allMatch(each -> acls.allow(action, principal, each))
        ? Optional.empty()
        : Optional.of(text(action));
  }

  private String text(Action action) {
    return "Principal '" + principal + "' is not authorized to " + action.key();
  }
}
