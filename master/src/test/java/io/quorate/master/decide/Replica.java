package io.quorate.master.decide;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.log.Position;
import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import io.quorate.master.effect.Effect;
import io.quorate.master.effect.Effects;
import io.quorate.master.event.Entry;
import io.quorate.master.leader.MasterMachine;
import io.quorate.master.state.CompletedHistory;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Tables;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.resources.Resources;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** A follower in memory: entries as bytes go in, rows and effects come out. */
final class Replica {
  private final Map<String, TreeMap<byte[], byte[]>> rows = new TreeMap<>();
  private final MasterMachine machine = new MasterMachine(this::committed);
  private List<Effect> lastEffects = List.of();

  /** The effects of the entry. */
  List<Effect> apply(Position position, Entry entry) {
    machine.apply(position, entry.toByteArray(), writer());
    return lastEffects;
  }

  private void committed(MasterMachine.Commit commit) {
    List<Effect> told = new ArrayList<>();
    for (List<MasterMachine.Step> call : commit.calls()) {
      Effects effects = new Effects(new Effects.LinkTerms(15, 75));
      call.forEach(step -> effects.add(step.before(), step.event(), step.after()));
      if (!call.isEmpty()) {
        told.addAll(effects.all(commit.after()));
      }
    }
    lastEffects = told;
  }

  /** What every call is checked for. */
  void check(MasterState state) {
    assertThat(machine.committed()).as("the replica equals the leader's state").isEqualTo(state);
    assertThat(Tables.read(reader())).as("the rows give the same state").isEqualTo(state);
    for (String role : List.of("dev", "*", "a", "r")) {
      assertThat(Tables.read(reader()).consumed(role))
          .as("what %s consumes", role)
          .isEqualTo(state.consumed(role));
    }
    for (Agent agent : state.agents().values()) {
      // Shared volumes may be in several hands (CP-179).
      Resources taken =
          agent.used().plus(agent.offered()).filter(resource -> !resource.hasShared());
      assertThat(agent.total().contains(taken))
          .as("agent %s: %s used and %s offered", agent.id(), agent.used(), agent.offered())
          .isTrue();
    }
  }

  /** The completed tasks of a framework, live or completed. */
  List<Task> completedTasks(MasterState state, FrameworkId id) {
    List<Framework> known = new ArrayList<>();
    state.frameworks().find(id).ifPresent(known::add);
    known.addAll(new CompletedHistory(reader()).completedFrameworks(state));
    return known.stream()
        .filter(framework -> framework.id().equals(id))
        .findFirst()
        .map(framework -> new CompletedHistory(reader()).completedTasks(state, framework))
        .orElse(List.of());
  }

  private RowWriter writer() {
    return new RowWriter() {
      @Override
      public void put(String table, byte[] key, byte[] value) {
        rows.computeIfAbsent(table, name -> new TreeMap<>(Arrays::compareUnsigned)).put(key, value);
      }

      @Override
      public void delete(String table, byte[] key) {
        assertThat(Tables.NAMES).contains(table);
        rows.computeIfAbsent(table, name -> new TreeMap<>(Arrays::compareUnsigned)).remove(key);
      }
    };
  }

  private RowReader reader() {
    return new RowReader() {
      @Override
      public void forEach(String table, BiConsumer<byte[], byte[]> visitor) {
        table(table).forEach(visitor);
      }

      @Override
      public void forEach(
          String table, byte[] from, byte[] to, BiConsumer<byte[], byte[]> visitor) {
        table(table).subMap(from, to).forEach(visitor);
      }

      private TreeMap<byte[], byte[]> table(String table) {
        return rows.getOrDefault(table, new TreeMap<>(Arrays::compareUnsigned));
      }
    };
  }
}
