package io.quorate.master.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.log.Position;
import io.quorate.master.event.Call;
import io.quorate.master.event.Entry;
import io.quorate.master.event.Event;
import io.quorate.master.event.FireTimers;
import io.quorate.master.event.LeaderElected;
import io.quorate.master.event.Record;
import io.quorate.protocol.v1.MasterInfo;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which committed entries are taken into the state. */
class MasterMachineTest {
  private static final long FIRST_NANOS = 100;
  private static final long SECOND_NANOS = 200;
  private static final long LOST_NANOS = 150;

  private final List<Long> taken = new ArrayList<>();
  private final List<Long> skipped = new ArrayList<>();
  private final MasterMachine machine =
      new MasterMachine(
          commit -> taken.add(commit.position().index()),
          position -> skipped.add(position.index()));
  private long index;

  @Test
  @DisplayName("an entry that was decided on the one before it is taken")
  void shouldTakeAnEntryThatFollows() {
    // given
    commit(elected(FIRST_NANOS).setDecidedOnNanos(0));

    // when
    commit(elected(SECOND_NANOS).setDecidedOnNanos(FIRST_NANOS));

    // then
    assertThat(taken).containsExactly(1L, 2L);
    assertThat(machine.committed().cluster().timeNanos()).isEqualTo(SECOND_NANOS);
  }

  @Test
  @DisplayName("an entry that was decided on one that is not in the log changes nothing")
  void shouldSkipAnEntryThatDoesNotFollow() {
    // given
    commit(elected(FIRST_NANOS).setDecidedOnNanos(0));
    var before = machine.committed();

    // when
    commit(elected(SECOND_NANOS).setDecidedOnNanos(LOST_NANOS));

    // then
    assertThat(skipped).containsExactly(2L);
    assertThat(taken).containsExactly(1L);
    assertThat(machine.committed()).isSameAs(before);
  }

  @Test
  @DisplayName("an entry that comes late, after another that was decided on the same, is skipped")
  void shouldSkipAnEntryThatWasOvertaken() {
    // given
    commit(elected(FIRST_NANOS).setDecidedOnNanos(0));
    commit(elected(SECOND_NANOS).setDecidedOnNanos(FIRST_NANOS));

    // when
    commit(elected(LOST_NANOS).setDecidedOnNanos(FIRST_NANOS));

    // then
    assertThat(skipped).containsExactly(3L);
    assertThat(machine.committed().cluster().timeNanos()).isEqualTo(SECOND_NANOS);
  }

  @Test
  @DisplayName("an entry of an earlier build, which does not say what it was decided on, is taken")
  void shouldTakeAnEntryThatDoesNotSay() {
    // given
    commit(elected(FIRST_NANOS).setDecidedOnNanos(0));

    // when
    commit(elected(SECOND_NANOS));

    // then
    assertThat(taken).containsExactly(1L, 2L);
  }

  private void commit(Entry.Builder entry) {
    machine.apply(new Position(1, ++index), entry.build().toByteArray(), new ScriptedLog.NoRows());
  }

  private static Entry.Builder elected(long timeNanos) {
    LeaderElected elected =
        LeaderElected.newBuilder()
            .setTerm(1)
            .setClusterId("c")
            .setFrameworksDeadlineNanos(1)
            .setMasterInfo(
                MasterInfo.newBuilder().setId("m").setIp(1).setPort(5050).setHostname("m"))
            .build();
    return Entry.newBuilder()
        .setFormatVersion(MasterMachine.FORMAT_VERSION)
        .setFeatureLevel(MasterMachine.FEATURE_LEVEL)
        .setTimeNanos(timeNanos)
        .addRecords(
            Record.newBuilder()
                .setCall(Call.newBuilder().setFireTimers(FireTimers.getDefaultInstance()))
                .addEvents(Event.newBuilder().setLeaderElected(elected)));
  }
}
