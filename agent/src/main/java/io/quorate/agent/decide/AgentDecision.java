package io.quorate.agent.decide;

import io.quorate.agent.executor.ExecutorCallRefusal;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.store.record.JournalRecord;
import java.util.List;
import java.util.Optional;

/**
 * A decision is what an input leads to.
 *
 * @param records to be written and synced before anything is done
 * @param actions to be done then, in this order
 * @param state the state after the records
 * @param refusal why the call of an executor is not taken; empty for every other input
 */
public record AgentDecision(
    List<JournalRecord> records,
    List<AgentAction> actions,
    AgentState state,
    Optional<ExecutorCallRefusal> refusal) {}
