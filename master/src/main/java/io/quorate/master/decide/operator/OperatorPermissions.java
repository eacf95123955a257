package io.quorate.master.decide.operator;

import io.quorate.master.access.Acls;
import io.quorate.master.access.Action;
import io.quorate.master.decide.validation.Permissions;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.master.Call;
import java.util.List;
import java.util.Optional;

/**
 * Which calls an operator may make (CP-458). Those about resources are judged by {@link
 * Permissions}, once they are known to make sense.
 */
public record OperatorPermissions(Acls acls, String principal) {

  /** Why not; empty if it may, or if the call is about nothing that is known. */
  public Optional<String> validate(MasterState state, Call call) {
    return switch (call.getType()) {
      case TEARDOWN ->
          state
              .frameworks()
              .find(new FrameworkId(call.getTeardown().getFrameworkId().getValue()))
              .flatMap(
                  framework ->
                      validate(
                          Action.TEARDOWN_FRAMEWORKS, List.of(framework.info().getPrincipal())));
      case MARK_AGENT_GONE -> validate(Action.MARK_AGENTS_GONE);
      case DRAIN_AGENT -> validate(Action.DRAIN_AGENTS);
      case DEACTIVATE_AGENT -> validate(Action.DEACTIVATE_AGENTS);
      case REACTIVATE_AGENT -> validate(Action.REACTIVATE_AGENTS);
      case UPDATE_MAINTENANCE_SCHEDULE -> validate(Action.UPDATE_MAINTENANCE_SCHEDULES);
      case START_MAINTENANCE -> validate(Action.START_MAINTENANCES);
      case STOP_MAINTENANCE -> validate(Action.STOP_MAINTENANCES);
      case UPDATE_WEIGHTS ->
          validate(
              Action.UPDATE_WEIGHTS,
              call.getUpdateWeights().getWeightInfosList().stream()
                  .map(weight -> weight.getRole())
                  .toList());
      case UPDATE_QUOTA ->
          validate(
              Action.UPDATE_QUOTAS,
              call.getUpdateQuota().getQuotaConfigsList().stream()
                  .map(config -> config.getRole())
                  .toList());
      case SET_QUOTA ->
          validate(Action.UPDATE_QUOTAS, List.of(call.getSetQuota().getQuotaRequest().getRole()));
      case REMOVE_QUOTA -> validate(Action.UPDATE_QUOTAS, List.of(call.getRemoveQuota().getRole()));
      default -> Optional.empty();
    };
  }

  private Optional<String> validate(Action action) {
    return acls.allow(action, principal) ? Optional.empty() : Optional.of(text(action));
  }

  private Optional<String> validate(Action action, List<String> objects) {
    return objects.stream().allMatch(object -> acls.allow(action, principal, object))
        ? Optional.empty()
        : Optional.of(text(action));
  }

  private String text(Action action) {
    return "Principal '" + principal + "' is not authorized to " + action.key();
  }
}
