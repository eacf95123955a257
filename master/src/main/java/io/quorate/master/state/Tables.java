package io.quorate.master.state;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.CommandKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.TurnKey;
import io.quorate.master.state.row.AcceptRow;
import io.quorate.master.state.row.AgentRow;
import io.quorate.master.state.row.ClusterRow;
import io.quorate.master.state.row.CommandRow;
import io.quorate.master.state.row.CompletedFrameworkRow;
import io.quorate.master.state.row.ExecutorRow;
import io.quorate.master.state.row.FilterRow;
import io.quorate.master.state.row.FrameworkRow;
import io.quorate.master.state.row.GoneAgentRow;
import io.quorate.master.state.row.InverseOfferRow;
import io.quorate.master.state.row.MaintenanceRow;
import io.quorate.master.state.row.OfferRow;
import io.quorate.master.state.row.OperationRow;
import io.quorate.master.state.row.RoleRow;
import io.quorate.master.state.row.TaskRow;
import io.quorate.master.state.row.TurnsRow;
import io.quorate.master.state.table.MoreRows;
import io.quorate.master.state.table.RowKeys;
import io.quorate.master.state.table.Rows;
import io.quorate.master.state.table.Table;
import io.quorate.protocol.agentlink.Command;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.pcollections.TreePMap;

/**
 * The tables by name, and their way to disk and back: what an entry touched is written, and a state
 * is rebuilt from all rows.
 */
public final class Tables {
  static final String CLUSTER_KEY = "cluster";
  static final String MAINTENANCE_KEY = "maintenance";

  private static final String CLUSTER = "cluster";
  private static final String FRAMEWORKS = "frameworks";
  private static final String AGENTS = "agents";
  private static final String OFFERS = "offers";
  private static final String TASKS = "tasks";
  private static final String FILTERS = "filters";
  private static final String COMMANDS = "commands";
  private static final String COMPLETED_FRAMEWORKS = "completed_frameworks";
  private static final String COMPLETED_TASKS = "completed_tasks";
  private static final String EXECUTORS = "executors";
  private static final String OPERATIONS = "operations";
  private static final String ACCEPTS = "accepts";
  private static final String GONE_AGENTS = "gone_agents";
  private static final String INVERSE_OFFERS = "inverse_offers";
  private static final String MAINTENANCE = "maintenance";
  private static final String ROLES = "roles";
  private static final String TURNS = "turns";

  /** The names of all tables, to open the log with. */
  public static final List<String> NAMES =
      List.of(
          CLUSTER,
          FRAMEWORKS,
          AGENTS,
          OFFERS,
          TASKS,
          FILTERS,
          COMMANDS,
          COMPLETED_FRAMEWORKS,
          COMPLETED_TASKS,
          EXECUTORS,
          OPERATIONS,
          ACCEPTS,
          GONE_AGENTS,
          INVERSE_OFFERS,
          MAINTENANCE,
          ROLES,
          TURNS);

  private Tables() {}

  /** Writes every row that was touched since the state was last settled. */
  public static void write(MasterState state, RowWriter out) {
    Parts parts = state.parts();
    write(
        out,
        CLUSTER,
        parts.cluster,
        key -> RowKeys.of(key),
        (key, value) -> Rows.of(value).toByteArray());
    write(
        out,
        FRAMEWORKS,
        parts.frameworks,
        key -> RowKeys.of(key.value()),
        (key, value) -> Rows.of(value).toByteArray());
    write(
        out,
        AGENTS,
        parts.agents,
        key -> RowKeys.of(key.value()),
        (key, value) -> Rows.of(value).toByteArray());
    write(
        out,
        OFFERS,
        parts.offers,
        key -> RowKeys.of(key.value()),
        (key, value) -> Rows.of(value).toByteArray());
    write(
        out,
        TASKS,
        parts.tasks,
        key -> RowKeys.of(key.framework().value(), key.taskId()),
        (key, value) -> Rows.of(value).toByteArray());
    write(
        out,
        FILTERS,
        parts.filters,
        key -> RowKeys.of(key.number(), key.framework().value(), key.role(), key.agent().value()),
        (key, value) -> Rows.of(value).toByteArray());
    write(
        out,
        COMMANDS,
        parts.commands,
        key -> RowKeys.of(key.number(), key.agent().value()),
        (key, value) -> Rows.of(key.agent(), value).toByteArray());
    write(
        out,
        COMPLETED_FRAMEWORKS,
        parts.completedFrameworks,
        key -> RowKeys.of((long) key),
        (key, value) -> Rows.of(key, value).toByteArray());
    write(
        out,
        COMPLETED_TASKS,
        parts.completedTasks,
        key -> RowKeys.of(key.number(), key.framework().value()),
        (key, value) -> Rows.of(key.number(), value).toByteArray());
    write(
        out,
        EXECUTORS,
        parts.executors,
        key -> RowKeys.of(key.framework().value(), key.agent().value(), key.executorId()),
        (key, value) -> MoreRows.of(value).toByteArray());
    write(
        out,
        OPERATIONS,
        parts.operations,
        key -> RowKeys.of(key.uuid()),
        (key, value) -> MoreRows.of(value).toByteArray());
    write(
        out,
        ACCEPTS,
        parts.accepts,
        key -> RowKeys.of(key.number(), key.framework().value()),
        (key, value) -> MoreRows.of(value).toByteArray());
    write(
        out,
        GONE_AGENTS,
        parts.goneAgents,
        key -> RowKeys.of(key.value()),
        (key, value) -> MoreRows.of(value).toByteArray());
    write(
        out,
        INVERSE_OFFERS,
        parts.inverseOffers,
        key -> RowKeys.of(key.value()),
        (key, value) -> MoreRows.of(value).toByteArray());
    write(
        out,
        MAINTENANCE,
        parts.maintenance,
        key -> RowKeys.of(key),
        (key, value) -> MoreRows.of(value).toByteArray());
    write(
        out,
        ROLES,
        parts.roles,
        key -> RowKeys.of(key),
        (key, value) -> MoreRows.of(value).toByteArray());
    write(
        out,
        TURNS,
        parts.turns,
        key -> RowKeys.of(key.framework().value(), key.role()),
        (key, value) -> MoreRows.of(key, value).toByteArray());
  }

  private static <K extends Comparable<K>, V> void write(
      RowWriter out,
      String name,
      Table<K, V> table,
      Function<K, byte[]> key,
      BiFunction<K, V, byte[]> row) {
    // A key touched twice in one entry is written once. The order is that of the keys.
    for (Map.Entry<K, Optional<V>> each : table.touched().entrySet()) {
      if (each.getValue().isPresent()) {
        out.put(name, key.apply(each.getKey()), row.apply(each.getKey(), each.getValue().get()));
      } else {
        out.delete(name, key.apply(each.getKey()));
      }
    }
  }

  /** Rebuilds a state from its rows. */
  public static MasterState read(RowReader in) {
    Parts parts = new Parts();
    read(
        in,
        CLUSTER,
        ClusterRow::parseFrom,
        row -> parts.cluster = parts.cluster.with(CLUSTER_KEY, Rows.from(row)));
    read(in, FRAMEWORKS, FrameworkRow::parseFrom, row -> Restore.framework(parts, Rows.from(row)));
    read(in, AGENTS, AgentRow::parseFrom, row -> Restore.agent(parts, Rows.from(row)));
    read(in, OFFERS, OfferRow::parseFrom, row -> Restore.offer(parts, Rows.from(row)));
    read(in, TASKS, TaskRow::parseFrom, row -> Restore.task(parts, Rows.from(row)));
    read(in, FILTERS, FilterRow::parseFrom, row -> Restore.filter(parts, Rows.from(row)));
    read(
        in,
        COMMANDS,
        CommandRow::parseFrom,
        row -> {
          Command command = row.getCommand();
          CommandKey key = new CommandKey(new AgentId(row.getAgentId()), command.getNumber());
          parts.commands = parts.commands.with(key, command);
        });
    read(
        in,
        COMPLETED_FRAMEWORKS,
        CompletedFrameworkRow::parseFrom,
        row -> Restore.completed(parts, row.getNumber(), Rows.from(row.getFramework())));
    in.forEach(
        COMPLETED_TASKS, (key, value) -> Restore.completed(parts, RowKeys.completedTask(key)));
    parts.firstCompletedTask = withoutZeros(parts.firstCompletedTask);
    read(in, EXECUTORS, ExecutorRow::parseFrom, row -> Restore.executor(parts, MoreRows.from(row)));
    read(
        in,
        OPERATIONS,
        OperationRow::parseFrom,
        row -> Restore.operation(parts, MoreRows.from(row)));
    read(in, ACCEPTS, AcceptRow::parseFrom, row -> Restore.accept(parts, MoreRows.from(row)));
    read(in, GONE_AGENTS, GoneAgentRow::parseFrom, row -> Restore.gone(parts, MoreRows.from(row)));
    read(
        in,
        INVERSE_OFFERS,
        InverseOfferRow::parseFrom,
        row -> Restore.inverseOffer(parts, MoreRows.from(row)));
    read(
        in,
        MAINTENANCE,
        MaintenanceRow::parseFrom,
        row -> parts.maintenance = parts.maintenance.with(MAINTENANCE_KEY, MoreRows.from(row)));
    read(
        in,
        ROLES,
        RoleRow::parseFrom,
        row -> parts.roles = parts.roles.with(row.getName(), MoreRows.from(row)));
    read(
        in,
        TURNS,
        TurnsRow::parseFrom,
        row ->
            parts.turns =
                parts.turns.with(
                    new TurnKey(new FrameworkId(row.getFrameworkId()), row.getRole()),
                    row.getTurns()));
    return MasterState.of(parts).settled();
  }

  private static TreePMap<FrameworkId, Long> withoutZeros(TreePMap<FrameworkId, Long> firsts) {
    TreePMap<FrameworkId, Long> some = firsts;
    for (var each : firsts.entrySet()) {
      some = each.getValue() == 0 ? some.minus(each.getKey()) : some;
    }
    return some;
  }

  /** The completed frameworks with numbers in {@code [from, to)}. */
  static void completedFrameworks(RowReader in, long from, long to, Consumer<Framework> visitor) {
    in.forEach(
        COMPLETED_FRAMEWORKS,
        RowKeys.of(from),
        RowKeys.of(to),
        (key, value) -> {
          try {
            visitor.accept(Rows.from(CompletedFrameworkRow.parseFrom(value).getFramework()));
          } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a completed framework cannot be read", e);
          }
        });
  }

  /** The completed tasks of a framework with numbers in {@code [from, to)}. */
  static void completedTasks(
      RowReader in, FrameworkId framework, long from, long to, Consumer<Task> visitor) {
    in.forEach(
        COMPLETED_TASKS,
        RowKeys.of(from, framework.value()),
        RowKeys.of(to, framework.value()),
        (key, value) -> {
          try {
            visitor.accept(Rows.from(TaskRow.parseFrom(value)));
          } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a completed task cannot be read", e);
          }
        });
  }

  private static <R> void read(RowReader in, String table, Parser<R> parser, Consumer<R> visitor) {
    in.forEach(
        table,
        (key, value) -> {
          try {
            visitor.accept(parser.parse(value));
          } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a row of table " + table + " cannot be read", e);
          }
        });
  }

  /** Reads one row. */
  private interface Parser<R> {
    R parse(byte[] bytes) throws InvalidProtocolBufferException;
  }
}
