package io.quorate.master.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.master.access.Acls;
import io.quorate.master.access.Action;
import io.quorate.master.access.Entity;
import io.quorate.master.decide.draft.Policy;
import io.quorate.master.decide.draft.VariableLimits;
import io.quorate.master.event.Call;
import io.quorate.master.event.VariableCondition;
import io.quorate.master.state.VariableUsage;
import io.quorate.master.state.entity.FrameworkVariable;
import io.quorate.master.state.id.VariableKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Variables of frameworks (docs/variables.md). */
class VariableRulesTest {
  private static final VariableCondition ALWAYS = VariableCondition.getDefaultInstance();
  private static final VariableCondition ABSENT =
      VariableCondition.newBuilder().setAbsent(true).build();
  private static final VariableCondition PRESENT =
      VariableCondition.newBuilder().setPresent(true).build();

  private Scenario scenario = new Scenario();

  private static Call.Builder call(String principal, String namespace, String name) {
    Call.Builder call = Call.newBuilder();
    if (!principal.isEmpty()) {
      call.setPrincipal(principal);
    }
    call.getVariableBuilder().setNamespace(namespace).setName(name);
    return call;
  }

  private Scenario store(String name, String value, String version, VariableCondition condition) {
    return store("", "ns", name, value, version, condition);
  }

  private Scenario store(
      String principal,
      String namespace,
      String name,
      String value,
      String version,
      VariableCondition condition) {
    Call.Builder call = call(principal, namespace, name);
    call.getVariableBuilder()
        .getStoreBuilder()
        .setValue(ByteString.copyFromUtf8(value))
        .setVersion(version)
        .setCondition(condition);
    return scenario.call(call);
  }

  private Scenario expunge(String name, VariableCondition condition) {
    Call.Builder call = call("", "ns", name);
    call.getVariableBuilder().getExpungeBuilder().setCondition(condition);
    return scenario.call(call);
  }

  private static VariableCondition version(String version) {
    return VariableCondition.newBuilder().setVersion(version).build();
  }

  private static Entity some(String name) {
    return new Entity(Entity.Kind.SOME, List.of(name));
  }

  private String value(String name) {
    return scenario
        .state()
        .variables()
        .find(new VariableKey("ns", name))
        .map(variable -> variable.value().toStringUtf8())
        .orElse("none");
  }

  @Test
  void shouldStoreOnlyOnTheVersionThatIsThere() {
    // given
    store("a", "one", "v1", ABSENT);

    // when
    store("a", "two", "v2", version("v1"));
    store("a", "late", "v3", version("v1"));

    // then
    assertThat(scenario.refusal().status()).isEqualTo(412);
    assertThat(scenario.refusal().message()).isEqualTo("The variable has the version 'v2'");
    assertThat(value("a")).isEqualTo("two");
    assertThat(store("a", "late", "v3", ABSENT).refusal().status()).isEqualTo(412);
    assertThat(store("b", "late", "v3", version("v1")).refusal().status()).isEqualTo(412);
    assertThat(store("b", "late", "v3", PRESENT).refusal().status()).isEqualTo(412);
    store("a", "three", "v3", PRESENT);
    store("a", "four", "v4", ALWAYS);
    assertThat(value("a")).isEqualTo("four");
  }

  @Test
  void shouldRecogniseAStoreThatIsRepeated() {
    // given
    store("a", "one", "v1", ABSENT);
    var before = scenario.state().variables();

    // when
    store("a", "one", "v1", ABSENT);

    // then
    assertThat(scenario.state().variables()).isEqualTo(before);
    assertThat(store("a", "other", "v1", ABSENT).refusal().status()).isEqualTo(409);
  }

  @Test
  void shouldExpungeOnlyTheVersionThatIsThere() {
    // given
    store("a", "one", "v1", ALWAYS);

    // when
    expunge("a", version("v0"));

    // then
    assertThat(scenario.refusal().status()).isEqualTo(412);
    assertThat(value("a")).isEqualTo("one");
    expunge("a", version("v1"));
    assertThat(value("a")).isEqualTo("none");
    assertThat(scenario.state().variableUsage()).isEmpty();
    assertThat(scenario.state().variablesInAll()).isEqualTo(VariableUsage.NONE);
    assertThat(expunge("a", ALWAYS).refusal().status()).isEqualTo(404);
  }

  @Test
  void shouldBoundWhatIsKept() {
    // given
    long row = FrameworkVariable.ROW_BYTES;
    scenario =
        new Scenario(Policy.DEFAULT.with(new VariableLimits(4, 10, 2, 2 * row + 30, 3 * row + 30)));
    store("a", "0123456789", "v", ALWAYS);

    // then
    assertThat(store("a", "0123456789x", "w", ALWAYS).refusal().status()).isEqualTo(413);
    assertThat(store("", "x", "w", ALWAYS).refusal().message())
        .isEqualTo("'name' must have 1 to 4 bytes in UTF-8");
    assertThat(store("ééé", "x", "w", ALWAYS).refusal().status()).isEqualTo(400);
    assertThat(store("a\n", "x", "w", ALWAYS).refusal().message())
        .isEqualTo("'name' must have no control characters");
    assertThat(store("", "", "a", "x", "w", ALWAYS).refusal().message()).startsWith("'namespace'");
    assertThat(store("a", "x", "a b", ALWAYS).refusal().message()).startsWith("'version'");
    store("b", "0123456789", "v", ALWAYS);
    assertThat(value("b")).isEqualTo("0123456789");
    assertThat(store("c", "", "v", ALWAYS).refusal().message())
        .isEqualTo("There is no room: the namespace would have more than 2 variables");
    store("b", "0", "w", ALWAYS);
    assertThat(value("b")).isEqualTo("0");
    store("", "m", "a", "", "v", ALWAYS);
    assertThat(store("", "n", "a", "0", "v", ALWAYS).refusal().message())
        .isEqualTo("There is no room: all variables together would take more than 630 bytes");
  }

  @Test
  void shouldBoundTheBytesOfANamespace() {
    // given
    scenario = new Scenario(Policy.DEFAULT.with(new VariableLimits(9, 1000, 9, 1000, 9000)));
    store("a", "x".repeat(700), "v", ALWAYS);

    // when
    store("b", "x".repeat(100), "v", ALWAYS);

    // then
    assertThat(scenario.refusal().status()).isEqualTo(409);
    assertThat(scenario.refusal().message()).contains("of the namespace", "1000 bytes");
    assertThat(value("b")).isEqualTo("none");
  }

  @Test
  void shouldGiveEachPrincipalItsOwnNamespace() {
    // given
    Acls acls =
        new Acls(
            true,
            Map.of(
                Action.ACCESS_VARIABLES,
                List.of(
                    new Acls.Rule(some("backup"), new Entity(Entity.Kind.ANY, List.of())),
                    new Acls.Rule(some("late"), new Entity(Entity.Kind.NONE, List.of())))));
    scenario = new Scenario(Policy.DEFAULT.with(acls));

    // when
    store("ns", "ns", "a", "own", "v1", ALWAYS);
    store("other", "ns", "a", "stolen", "v2", ALWAYS);

    // then
    assertThat(scenario.refusal().status()).isEqualTo(403);
    assertThat(scenario.refusal().message())
        .isEqualTo("Principal 'other' is not authorized to access_variables of namespace 'ns'");
    assertThat(value("a")).isEqualTo("own");
    assertThat(store("late", "late", "a", "x", "v", ALWAYS).refusal().status()).isEqualTo(403);
    store("backup", "ns", "a", "restored", "v3", ALWAYS);
    assertThat(value("a")).isEqualTo("restored");
    assertThat(new Acls(false, Map.of()).allowVariables("ns", "ns")).isFalse();
    assertThat(Acls.OPEN.allowVariables("", "ns")).isTrue();
  }
}
