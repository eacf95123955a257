package io.quorate.master.state;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import io.quorate.master.state.TableSpec.Archive;
import io.quorate.master.state.TableSpec.Index;
import io.quorate.master.state.entity.Accept;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Cluster;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Filter;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.FrameworkVariable;
import io.quorate.master.state.entity.GoneAgent;
import io.quorate.master.state.entity.InverseOffer;
import io.quorate.master.state.entity.Maintenance;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.entity.Role;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AcceptKey;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.CommandKey;
import io.quorate.master.state.id.CompletedTaskKey;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TaskKey;
import io.quorate.master.state.id.TurnKey;
import io.quorate.master.state.id.VariableKey;
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
import io.quorate.master.state.row.VariableRow;
import io.quorate.master.state.table.RowCodec;
import io.quorate.master.state.table.RowKeys;
import io.quorate.master.state.table.Rows;
import io.quorate.protocol.agentlink.Command;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * The list of tables. A table is one constant here, and a reader in {@link MasterState}; copying,
 * writing, reading and comparing states walk the list.
 *
 * <p>The order is the order in which rows are written, which the digest that replicas compare
 * depends on, and in which they are read: frameworks and agents come before what refers to them. A
 * new table goes to the end, and a name is never used again (docs/data-on-disk.md).
 */
public final class Tables {
  /** The key of the only row of a table that has one. */
  static final String CLUSTER_KEY = "cluster";

  static final String MAINTENANCE_KEY = "maintenance";

  private static final List<TableSpec<?, ?>> ALL = new ArrayList<>();

  static final TableSpec<String, Cluster> CLUSTER =
      define(
          "cluster",
          RowKeys::of,
          RowCodec.ofValues(
              Rows::clusterRow,
              ClusterRow.parser(),
              Rows::cluster,
              (Cluster cluster) -> CLUSTER_KEY));

  static final TableSpec<FrameworkId, Framework> FRAMEWORKS =
      define(
          "frameworks",
          id -> RowKeys.of(id.value()),
          RowCodec.ofValues(
              Rows::frameworkRow, FrameworkRow.parser(), Rows::framework, Framework::id),
          StateBuilder::frameworkChanged);

  static final TableSpec<AgentId, Agent> AGENTS =
      define(
          "agents",
          id -> RowKeys.of(id.value()),
          RowCodec.ofValues(Rows::agentRow, AgentRow.parser(), Rows::agent, Agent::id),
          StateBuilder::agentChanged);

  static final TableSpec<OfferId, Offer> OFFERS =
      define(
          "offers",
          id -> RowKeys.of(id.value()),
          RowCodec.ofValues(Rows::offerRow, OfferRow.parser(), Rows::offer, Offer::id),
          StateBuilder::offerChanged);

  static final TableSpec<TaskKey, Task> TASKS =
      define(
          "tasks",
          key -> RowKeys.of(key.framework().value(), key.taskId()),
          RowCodec.ofValues(Rows::taskRow, TaskRow.parser(), Rows::task, Task::key),
          StateBuilder::taskChanged);

  static final TableSpec<FilterKey, Filter> FILTERS =
      define(
          "filters",
          key -> RowKeys.of(key.number(), key.framework().value(), key.role(), key.agent().value()),
          RowCodec.ofValues(Rows::filterRow, FilterRow.parser(), Rows::filter, Filter::key),
          StateBuilder::filterChanged);

  static final TableSpec<CommandKey, Command> COMMANDS =
      define(
          "commands",
          key -> RowKeys.of(key.number(), key.agent().value()),
          RowCodec.of(
              (CommandKey key, Command command) -> Rows.commandRow(key.agent(), command),
              CommandRow.parser(),
              row -> new CommandKey(new AgentId(row.getAgentId()), row.getCommand().getNumber()),
              CommandRow::getCommand));

  /** The frameworks that are over, by the order of their removal. */
  static final TableSpec<Long, Framework> COMPLETED_FRAMEWORKS =
      archive(
          "completed_frameworks",
          RowKeys::of,
          RowCodec.of(
              Rows::completedFrameworkRow,
              CompletedFrameworkRow.parser(),
              CompletedFrameworkRow::getNumber,
              row -> Rows.framework(row.getFramework())),
          new CompletedFrameworksArchive());

  /** The tasks that are over, by framework and the order of their ends. */
  static final TableSpec<CompletedTaskKey, Task> COMPLETED_TASKS =
      archive(
          "completed_tasks",
          key -> RowKeys.of(key.number(), key.framework().value()),
          RowCodec.of(
              (CompletedTaskKey key, Task task) -> Rows.completedTaskRow(key.number(), task),
              TaskRow.parser(),
              row ->
                  new CompletedTaskKey(
                      new FrameworkId(row.getFrameworkId()), row.getCompletedNumber()),
              Rows::task),
          new CompletedTasksArchive());

  static final TableSpec<ExecutorKey, Executor> EXECUTORS =
      define(
          "executors",
          key -> RowKeys.of(key.framework().value(), key.agent().value(), key.executorId()),
          RowCodec.ofValues(Rows::executorRow, ExecutorRow.parser(), Rows::executor, Executor::key),
          StateBuilder::executorChanged);

  static final TableSpec<OperationKey, Operation> OPERATIONS =
      define(
          "operations",
          key -> RowKeys.of(key.uuid()),
          RowCodec.ofValues(
              Rows::operationRow, OperationRow.parser(), Rows::operation, Operation::key),
          StateBuilder::operationChanged);

  /** The ACCEPTs that are done and remembered. */
  static final TableSpec<AcceptKey, Accept> ACCEPTS =
      define(
          "accepts",
          key -> RowKeys.of(key.number(), key.framework().value()),
          RowCodec.ofValues(Rows::acceptRow, AcceptRow.parser(), Rows::accept, Accept::key),
          StateBuilder::acceptChanged);

  static final TableSpec<AgentId, GoneAgent> GONE_AGENTS =
      define(
          "gone_agents",
          id -> RowKeys.of(id.value()),
          RowCodec.ofValues(
              Rows::goneAgentRow, GoneAgentRow.parser(), Rows::goneAgent, GoneAgent::id),
          StateBuilder::goneAgentChanged);

  static final TableSpec<OfferId, InverseOffer> INVERSE_OFFERS =
      define(
          "inverse_offers",
          id -> RowKeys.of(id.value()),
          RowCodec.ofValues(
              Rows::inverseOfferRow,
              InverseOfferRow.parser(),
              Rows::inverseOffer,
              InverseOffer::id));

  static final TableSpec<String, Maintenance> MAINTENANCE =
      define(
          "maintenance",
          RowKeys::of,
          RowCodec.ofValues(
              Rows::maintenanceRow,
              MaintenanceRow.parser(),
              Rows::maintenance,
              (Maintenance maintenance) -> MAINTENANCE_KEY));

  /** What operators said of roles. */
  static final TableSpec<String, Role> ROLES =
      define(
          "roles",
          RowKeys::of,
          RowCodec.ofValues(Rows::roleRow, RoleRow.parser(), Rows::role, Role::name));

  /** How many offers each framework got in each role. */
  static final TableSpec<TurnKey, Long> TURNS =
      define(
          "turns",
          key -> RowKeys.of(key.framework().value(), key.role()),
          RowCodec.of(
              Rows::turnsRow,
              TurnsRow.parser(),
              row -> new TurnKey(new FrameworkId(row.getFrameworkId()), row.getRole()),
              TurnsRow::getTurns));

  /** What frameworks keep here. */
  static final TableSpec<VariableKey, FrameworkVariable> VARIABLES =
      define(
          "variables",
          key -> RowKeys.of(key.namespace(), key.name()),
          RowCodec.ofValues(
              Rows::variableRow, VariableRow.parser(), Rows::variable, FrameworkVariable::key),
          StateBuilder::variableChanged);

  /** The names of all tables, to open the log with. */
  public static final List<String> NAMES = ALL.stream().map(TableSpec::name).toList();

  private Tables() {}

  /** All tables, in the order in which they are written and read. */
  static List<TableSpec<?, ?>> all() {
    return Collections.unmodifiableList(ALL);
  }

  /**
   * Writes every row that was touched since the state was last settled. A row that one entry
   * touched twice is written once.
   */
  public static void write(MasterState state, RowWriter out) {
    for (TableSpec<?, ?> spec : ALL) {
      write(spec, state, out);
    }
  }

  private static <K extends Comparable<K>, V> void write(
      TableSpec<K, V> spec, MasterState state, RowWriter out) {
    spec.write(state.table(spec), out);
  }

  /**
   * Rebuilds a state from its rows. All that is derived is made anew, so that a sum that a fault of
   * an earlier release spoiled is right again.
   *
   * @throws IllegalStateException if a row is no message of its table's kind
   */
  public static MasterState read(RowReader in) {
    StateBuilder builder = new StateBuilder();
    for (TableSpec<?, ?> spec : ALL) {
      spec.restore(in, builder);
    }
    builder.restored();
    return MasterState.of(builder);
  }

  private static <K extends Comparable<K>, V> TableSpec<K, V> define(
      String name, Function<K, byte[]> keys, RowCodec<K, V> codec) {
    return define(name, keys, codec, Index.none());
  }

  private static <K extends Comparable<K>, V> TableSpec<K, V> define(
      String name, Function<K, byte[]> keys, RowCodec<K, V> codec, Index<K, V> index) {
    return add(new TableSpec<>(name, ALL.size(), keys, codec, index, null));
  }

  private static <K extends Comparable<K>, V> TableSpec<K, V> archive(
      String name, Function<K, byte[]> keys, RowCodec<K, V> codec, Archive archive) {
    return add(new TableSpec<>(name, ALL.size(), keys, codec, Index.none(), archive));
  }

  private static <K extends Comparable<K>, V> TableSpec<K, V> add(TableSpec<K, V> spec) {
    ALL.add(spec);
    return spec;
  }

  private static final class CompletedFrameworksArchive implements Archive {
    @Override
    public void restore(StateBuilder builder, byte[] key, byte[] row)
        throws InvalidProtocolBufferException {
      COMPLETED_FRAMEWORKS.decode(row, builder::noteCompleted);
    }

    @Override
    public Object summary(Indexes indexes) {
      return indexes.completed;
    }
  }

  /** The tasks are not looked at: there may be very many. */
  private static final class CompletedTasksArchive implements Archive {
    @Override
    public void restore(StateBuilder builder, byte[] key, byte[] row) {
      builder.noteFirstCompleted(RowKeys.completedTask(key));
    }

    @Override
    public Object summary(Indexes indexes) {
      return indexes.firstCompletedTask;
    }
  }
}
