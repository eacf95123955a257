package io.quorate.master.leader;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.log.Position;
import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import io.quorate.master.event.AgentReconnected;
import io.quorate.master.event.AgentRegistered;
import io.quorate.master.event.Call;
import io.quorate.master.event.Entry;
import io.quorate.master.event.Event;
import io.quorate.master.event.ExecutorShutdownRequested;
import io.quorate.master.event.FireTimers;
import io.quorate.master.event.LeaderElected;
import io.quorate.master.event.Record;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.MasterInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SenderTest {
  private static final AgentInfo INFO = AgentInfo.newBuilder().setHostname("h").build();
  private final List<String> sent = new ArrayList<>();
  private final Sender sender = new Sender(LoopSettings.DEFAULT, new Nobody<>(), new Links());
  private final MasterMachine machine = new MasterMachine(sender::send);
  private long index;

  private static class Nobody<E> implements EventSink<E> {
    @Override
    public void send(String streamId, E event) {}

    @Override
    public void end(String streamId) {}

    @Override
    public void endAll() {}
  }

  private final class Links extends Nobody<AgentEvent> {
    @Override
    public void send(String link, AgentEvent event) {
      sent.add(
          link
              + " "
              + (event.hasCommand() ? event.getCommand().getNumber() : event.getType().name()));
    }
  }

  private static Event.Builder linked(String link) {
    return Event.newBuilder()
        .setAgentReconnected(
            AgentReconnected.newBuilder()
                .setAgentId("a")
                .setAgentInfo(INFO)
                .setLinkId(link)
                .setVersion("1")
                .setCommandsDone(0));
  }

  private static Event.Builder command() {
    return Event.newBuilder()
        .setExecutorShutdownRequested(
            ExecutorShutdownRequested.newBuilder()
                .setFrameworkId("f")
                .setAgentId("a")
                .setExecutorId("e"));
  }

  /** Each event a call of its own, all in one entry. */
  private void commit(Event.Builder... events) {
    Entry.Builder entry =
        Entry.newBuilder().setFormatVersion(1).setFeatureLevel(1).setTimeNanos(++index);
    for (Event.Builder event : events) {
      entry.addRecords(
          Record.newBuilder()
              .setCall(Call.newBuilder().setFireTimers(FireTimers.getDefaultInstance()))
              .addEvents(event));
    }
    machine.apply(new Position(1, index), entry.build().toByteArray(), new Nowhere());
  }

  private static final class Nowhere implements RowWriter, RowReader {
    @Override
    public void put(String table, byte[] key, byte[] value) {}

    @Override
    public void delete(String table, byte[] key) {}

    @Override
    public void forEach(String table, BiConsumer<byte[], byte[]> visitor) {}

    @Override
    public void forEach(String table, byte[] from, byte[] to, BiConsumer<byte[], byte[]> visitor) {}
  }

  @Test
  @DisplayName("A link begins with SUBSCRIBED and the first command, whatever else the entry holds")
  void shouldBeginEachLinkAnew() {
    commit(
        Event.newBuilder()
            .setLeaderElected(
                LeaderElected.newBuilder()
                    .setTerm(1)
                    .setMasterInfo(MasterInfo.newBuilder().setId("m").setIp(1).setPort(1))
                    .setClusterId("c")
                    .setFrameworksDeadlineNanos(0)),
        Event.newBuilder()
            .setAgentRegistered(
                AgentRegistered.newBuilder()
                    .setAgentId("a")
                    .setAgentInfo(INFO)
                    .setRegistrationId("r")
                    .setLinkId("one")
                    .setVersion("1")));
    commit(command());
    assertThat(sent).containsExactly("one SUBSCRIBED", "one 1");
    sent.clear();

    commit(command(), linked("two"), command(), linked("three"));
    assertThat(sent.stream().filter(call -> call.startsWith("three")))
        .containsExactly("three SUBSCRIBED", "three 1", "three 2", "three 3");
    assertThat(sent).noneMatch(call -> call.startsWith("one"));
  }
}
