package io.quorate.master.decide.variable;

import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.decide.draft.VariableLimits;
import io.quorate.master.event.Event;
import io.quorate.master.event.StoreVariable;
import io.quorate.master.event.VariableCall;
import io.quorate.master.event.VariableCondition;
import io.quorate.master.event.VariableExpunged;
import io.quorate.master.event.VariableStored;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.VariableUsage;
import io.quorate.master.state.entity.FrameworkVariable;
import io.quorate.master.state.id.VariableKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Decides whether a variable is stored or expunged (docs/variables.md). */
public final class VariableDecisions {
  /** A version has at most this many characters. */
  private static final int VERSION_MAX = 64;

  private VariableDecisions() {}

  public static Decision decide(Draft draft, String principal, VariableCall call) {
    Optional<Refusal> wrong = validate(draft, principal, call);
    if (wrong.isPresent()) {
      return new Decision.Refused(wrong.get());
    }
    VariableKey key = new VariableKey(call.getNamespace(), call.getName());
    return switch (call.getWhatCase()) {
      case STORE -> store(draft, key, call.getStore());
      case EXPUNGE -> expunge(draft, key, call.getExpunge().getCondition());
      case WHAT_NOT_SET -> refused(Refusal.badRequest("The call has no content that is known"));
    };
  }

  private static Optional<Refusal> validate(Draft draft, String principal, VariableCall call) {
    int bytesMax = draft.policy().variables().nameBytesMax();
    Optional<String> name =
        validateName("namespace", call.getNamespace(), bytesMax)
            .or(() -> validateName("name", call.getName(), bytesMax));
    if (name.isPresent()) {
      return name.map(Refusal::badRequest);
    }
    return draft.policy().acls().allowVariables(principal, call.getNamespace())
        ? Optional.empty()
        : Optional.of(
            Refusal.forbidden(
                "Principal '"
                    + principal
                    + "' is not authorized to access_variables of namespace '"
                    + call.getNamespace()
                    + "'"));
  }

  private static Optional<String> validateName(String field, String value, int bytesMax) {
    int bytes = value.getBytes(StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > bytesMax) {
      return Optional.of("'" + field + "' must have 1 to " + bytesMax + " bytes in UTF-8");
    }
    return value.chars().anyMatch(Character::isISOControl)
        ? Optional.of("'" + field + "' must have no control characters")
        : Optional.empty();
  }

  /**
   * A store that was done already is done: a client that saw no answer repeats it with the version
   * that it gave.
   */
  private static Decision store(Draft draft, VariableKey key, StoreVariable call) {
    MasterState state = draft.state();
    Optional<FrameworkVariable> before = state.variables().find(key);
    if (!isVersion(call.getVersion())) {
      return refused(
          Refusal.badRequest(
              "'version' must have 1 to " + VERSION_MAX + " of the characters A-Za-z0-9._-"));
    }
    if (before.isPresent() && before.get().version().equals(call.getVersion())) {
      return before.get().value().equals(call.getValue())
          ? draft.accepted()
          : refused(
              Refusal.conflict(
                  "The variable has another value of the version '" + call.getVersion() + "'"));
    }
    Optional<Refusal> wrong =
        validateCondition(before, call.getCondition())
            .or(() -> validateRoom(state, draft.policy().variables(), key, call));
    if (wrong.isPresent()) {
      return refused(wrong.get());
    }
    draft.emit(
        Event.newBuilder()
            .setVariableStored(
                VariableStored.newBuilder()
                    .setNamespace(key.namespace())
                    .setName(key.name())
                    .setVersion(call.getVersion())
                    .setValue(call.getValue())));
    return draft.accepted();
  }

  private static boolean isVersion(String version) {
    return !version.isEmpty()
        && version.length() <= VERSION_MAX
        && version
            .chars()
            .allMatch(
                character ->
                    (character >= 'a' && character <= 'z')
                        || (character >= 'A' && character <= 'Z')
                        || (character >= '0' && character <= '9')
                        || character == '.'
                        || character == '_'
                        || character == '-');
  }

  private static Decision expunge(Draft draft, VariableKey key, VariableCondition condition) {
    Optional<FrameworkVariable> before = draft.state().variables().find(key);
    if (before.isEmpty()) {
      return refused(
          new Refusal(
              404, "There is no variable '" + key.name() + "' in '" + key.namespace() + "'"));
    }
    Optional<Refusal> wrong = validateCondition(before, condition);
    if (wrong.isPresent()) {
      return refused(wrong.get());
    }
    draft.emit(
        Event.newBuilder()
            .setVariableExpunged(
                VariableExpunged.newBuilder().setNamespace(key.namespace()).setName(key.name())));
    return draft.accepted();
  }

  private static Optional<Refusal> validateCondition(
      Optional<FrameworkVariable> before, VariableCondition condition) {
    String version = before.map(FrameworkVariable::version).orElse("");
    boolean holds =
        switch (condition.getWhatCase()) {
          case VERSION -> before.isPresent() && version.equals(condition.getVersion());
          case PRESENT -> before.isPresent() == condition.getPresent();
          case ABSENT -> before.isEmpty() == condition.getAbsent();
          case WHAT_NOT_SET -> true;
        };
    return holds
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                412,
                before.isEmpty()
                    ? "There is no such variable"
                    : "The variable has the version '" + version + "'"));
  }

  private static Optional<Refusal> validateRoom(
      MasterState state, VariableLimits limits, VariableKey key, StoreVariable call) {
    if (call.getValue().size() > limits.valueBytesMax()) {
      return Optional.of(
          new Refusal(
              413,
              "The value has "
                  + call.getValue().size()
                  + " bytes; a variable has at most "
                  + limits.valueBytesMax()));
    }
    MasterState after =
        state.with(
            new FrameworkVariable(
                key, call.getVersion(), call.getValue(), state.cluster().timeNanos()));
    VariableUsage here = after.variableUsage().getOrDefault(key.namespace(), VariableUsage.NONE);
    if (here.count() > limits.countMax()) {
      return full("the namespace would have more than " + limits.countMax() + " variables");
    }
    if (here.bytes() > limits.namespaceBytesMax()) {
      return full(
          "the variables of the namespace would take more than "
              + limits.namespaceBytesMax()
              + " bytes");
    }
    return after.variablesInAll().bytes() > limits.bytesMax()
        ? full("all variables together would take more than " + limits.bytesMax() + " bytes")
        : Optional.empty();
  }

  private static Optional<Refusal> full(String why) {
    return Optional.of(Refusal.conflict("There is no room: " + why));
  }

  private static Decision refused(Refusal why) {
    return new Decision.Refused(why);
  }
}
