package io.quorate.master.state;

import io.quorate.master.state.entity.CompletedFramework;
import io.quorate.master.state.id.AcceptKey;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TaskKey;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * What is derived from the tables and is not a part of a row: who is found under what, and sums. It
 * is a function of the rows alone, so that a state that was restored has the same indexes as the
 * one that was saved. It changes only while a {@link StateBuilder} owns it.
 */
final class Indexes implements Cloneable {
  TreePMap<AgentId, TreePSet<TaskKey>> tasksByAgent = TreePMap.empty();
  TreePMap<AgentId, TreePSet<OfferId>> offersByAgent = TreePMap.empty();
  TreePMap<FrameworkId, TreePSet<OfferId>> offersByFramework = TreePMap.empty();
  TreePMap<AgentId, TreePSet<ExecutorKey>> executorsByAgent = TreePMap.empty();
  TreePMap<AgentId, TreePSet<OperationKey>> operationsByAgent = TreePMap.empty();
  TreePMap<FrameworkId, TreePSet<OperationKey>> operationsByFramework = TreePMap.empty();

  /** The remembered ACCEPTs by the first of their offers. */
  TreePMap<OfferId, TreePSet<AcceptKey>> acceptsByOffer = TreePMap.empty();

  /** The agents by what they called themselves before they had an id. */
  TreePMap<String, TreePSet<AgentId>> registrations = TreePMap.empty();

  /** What is known without a look at the disk of the frameworks that are over, by their number. */
  TreePMap<Long, CompletedFramework> completed = TreePMap.empty();

  TreePMap<FrameworkId, Long> completedNumbers = TreePMap.empty();

  /** The number of the first completed task that is kept; a framework that kept all is not here. */
  TreePMap<FrameworkId, Long> firstCompletedTask = TreePMap.empty();

  /** The agents whose drain is not done. */
  TreePSet<AgentId> draining = TreePSet.empty();

  TreePSet<Timer> timers = TreePSet.empty();
  RoleSums roleSums = RoleSums.NONE;

  /** What the variables of each namespace take; one without any is not here. */
  TreePMap<String, VariableUsage> variableUsage = TreePMap.empty();

  /** What all variables take. */
  VariableUsage variablesInAll = VariableUsage.NONE;

  /** A copy that may be changed: every field, whichever there are. */
  Indexes copy() {
    try {
      return (Indexes) clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("indexes can be cloned", e);
    }
  }

  static <K extends Comparable<K>, V extends Comparable<V>> TreePMap<K, TreePSet<V>> with(
      TreePMap<K, TreePSet<V>> index, K key, V value) {
    TreePSet<V> old = index.get(key);
    return index.plus(key, old == null ? TreePSet.singleton(value) : old.plus(value));
  }

  static <K extends Comparable<K>, V extends Comparable<V>> TreePMap<K, TreePSet<V>> without(
      TreePMap<K, TreePSet<V>> index, K key, V value) {
    TreePSet<V> old = index.get(key);
    if (old == null) {
      return index;
    }
    TreePSet<V> rest = old.minus(value);
    return rest.isEmpty() ? index.minus(key) : index.plus(key, rest);
  }
}
