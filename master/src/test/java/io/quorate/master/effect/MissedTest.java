package io.quorate.master.effect;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.event.Entry;
import io.quorate.master.event.Event;
import io.quorate.master.event.OperationsReconciled;
import io.quorate.master.event.Record;
import io.quorate.master.state.ArbitraryStates;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.scheduler.Call.ReconcileOperations;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MissedTest {
  private static final FrameworkId FRAMEWORK = new FrameworkId("c-0000");
  private static final FrameworkId OTHER = new FrameworkId("c-0001");

  private final MasterState state = new ArbitraryStates(1).state();

  private static Entry entry(Event.Builder event) {
    return Entry.newBuilder()
        .setFormatVersion(1)
        .setFeatureLevel(1)
        .setTimeNanos(1)
        .addRecords(Record.newBuilder().addEvents(event).buildPartial())
        .buildPartial();
  }

  private static Event.Builder asksForAnOperation(FrameworkId framework) {
    ReconcileOperations.Operation.Builder operation = ReconcileOperations.Operation.newBuilder();
    operation.getOperationIdBuilder().setValue("unheard-of");
    return Event.newBuilder()
        .setOperationsReconciled(
            OperationsReconciled.newBuilder()
                .setFrameworkId(framework.value())
                .addOperations(operation));
  }

  @Test
  @DisplayName("a framework that asked for operations before it went away is answered")
  void shouldAnswerWhatWasAskedForOperations() {
    // given
    Missed missed = new Missed(FRAMEWORK);
    // when
    missed.take(7, entry(asksForAnOperation(FRAMEWORK)));
    // then
    assertThat(missed.answers(state))
        .extracting(answer -> answer.getUpdateOperationStatus().getStatus().getState())
        .containsExactly(OperationState.OPERATION_UNKNOWN);
  }

  @Test
  @DisplayName("what another framework asked is not answered to this one")
  void shouldAnswerOwnQuestionsOnly() {
    // given
    Missed missed = new Missed(FRAMEWORK);
    // when
    missed.take(7, entry(asksForAnOperation(OTHER)));
    // then
    assertThat(missed.answers(state)).isEmpty();
  }
}
