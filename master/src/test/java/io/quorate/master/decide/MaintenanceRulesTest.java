package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.state.entity.Machine;
import io.quorate.protocol.v1.MachineID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.allocator.InverseOfferStatus;
import io.quorate.protocol.v1.maintenance.Window;
import io.quorate.protocol.v1.master.Call;
import io.quorate.protocol.v1.scheduler.Event;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MaintenanceRulesTest {
  private static final String AGENT = "cpus:4;mem:1024";
  private final Scenario scenario = new Scenario();

  @BeforeEach
  void taskOnTheAgent() {
    scenario.agent(0, AGENT).subscribe(framework("f").setCheckpoint(true), "s").allocate();
    scenario.launch(0, "s", scenario.offers(), task("t", 0, "cpus:1"));
    scenario.after(10).timers().allocate();
  }

  private static MachineID machine(String hostname) {
    return MachineID.newBuilder().setHostname(hostname).build();
  }

  private static Call.Builder schedule(MachineID... machines) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.UPDATE_MAINTENANCE_SCHEDULE);
    var schedule = call.getUpdateMaintenanceScheduleBuilder().getScheduleBuilder();
    for (MachineID machine : machines) {
      Window.Builder window = Window.newBuilder().addMachineIds(machine);
      window.getUnavailabilityBuilder().getStartBuilder().setNanoseconds(5_000 * Scenario.SECOND);
      schedule.addWindows(window);
    }
    return call;
  }

  private static Call.Builder start(MachineID machine) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.START_MAINTENANCE);
    call.getStartMaintenanceBuilder().addMachines(machine);
    return call;
  }

  private static Call.Builder stop(MachineID machine) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.STOP_MAINTENANCE);
    call.getStopMaintenanceBuilder().addMachines(machine);
    return call;
  }

  @Test
  @DisplayName("CP-195, CP-294 a scheduled machine: rescinded, asked once, offered with the time")
  void shouldAsk() {
    scenario.operator(schedule(machine("H0")));
    assertThat(scenario.toldTypes("s")).containsExactly(Event.Type.RESCIND);
    scenario.allocate();
    assertThat(scenario.toldTypes("s"))
        .containsExactlyInAnyOrder(Event.Type.INVERSE_OFFERS, Event.Type.OFFERS);
    for (Event event : scenario.told("s")) {
      if (event.hasOffers()) {
        assertThat(event.getOffers().getOffers(0).getUnavailability().getStart().getNanoseconds())
            .isEqualTo(5_000 * Scenario.SECOND);
      } else {
        var inverse = event.getInverseOffers().getInverseOffers(0);
        assertThat(inverse.getAgentId().getValue()).isEqualTo(agentId(0).value());
        assertThat(inverse.getResourcesList()).isEmpty();
      }
    }
    scenario.after(1).allocate();
    assertThat(scenario.told("s")).isEmpty();
  }

  @Test
  @DisplayName("CP-299 the answer shows in the status, and its filter holds off the next question")
  void shouldTakeAnswers() {
    scenario.operator(schedule(machine("h0"))).allocate();
    var id = scenario.state().inverseOffers().values().iterator().next().id();
    var call = from(0, io.quorate.protocol.v1.scheduler.Call.Type.DECLINE_INVERSE_OFFERS);
    call.getDeclineInverseOffersBuilder().addInverseOfferIdsBuilder().setValue(id.value());
    call.getDeclineInverseOffersBuilder().addInverseOfferIdsBuilder().setValue("unknown");
    call.getDeclineInverseOffersBuilder().getFiltersBuilder().setRefuseSeconds(30);
    scenario.schedulerCall(call, "s");
    Machine machine = scenario.state().maintenance().machines().values().iterator().next();
    assertThat(machine.status().getStatuses(0).getStatus())
        .isEqualTo(InverseOfferStatus.Status.DECLINE);

    scenario.after(10).timers().allocate();
    assertThat(scenario.state().inverseOffers().isEmpty()).isTrue();
    scenario.after(25).timers().allocate();
    assertThat(scenario.state().inverseOffers().size()).isEqualTo(1);
  }

  @Test
  @DisplayName("CP-147 REVIVE forgets the filters for inverse offers")
  void shouldRevive() {
    scenario.operator(schedule(machine("h0"))).allocate();
    var id = scenario.state().inverseOffers().values().iterator().next().id();
    var call = from(0, io.quorate.protocol.v1.scheduler.Call.Type.ACCEPT_INVERSE_OFFERS);
    call.getAcceptInverseOffersBuilder().addInverseOfferIdsBuilder().setValue(id.value());
    call.getAcceptInverseOffersBuilder().getFiltersBuilder().setRefuseSeconds(3000);
    scenario.schedulerCall(call, "s").allocate();
    assertThat(scenario.state().inverseOffers().isEmpty()).isTrue();
    scenario
        .schedulerCall(from(0, io.quorate.protocol.v1.scheduler.Call.Type.REVIVE), "s")
        .allocate();
    assertThat(scenario.state().inverseOffers().size()).isEqualTo(1);
  }

  @Test
  @DisplayName("CP-273, CP-296 maintenance shuts agents down and sends them away")
  void shouldGoDown() {
    scenario.operator(schedule(machine("h0"))).allocate().operator(start(machine("h0")));
    assertThat(scenario.statuses("s").get(0).getState()).isEqualTo(TaskState.TASK_LOST);
    assertThat(scenario.state().agents().isEmpty()).isTrue();
    assertThat(scenario.state().inverseOffers().isEmpty()).isTrue();

    scenario.agent(0, AGENT);
    assertThat(scenario.refusal().message()).contains("DOWN");
    scenario.operator(schedule());
    assertThat(scenario.refusal().message()).contains("DOWN");
  }

  @Test
  @DisplayName("CP-295 maintenance of a machine that is not in the schedule is 400")
  void shouldKnowTheScheduleOnly() {
    scenario.operator(start(machine("h0")));
    assertThat(scenario.refusal().status()).isEqualTo(400);
    scenario.operator(stop(machine("h0")));
    assertThat(scenario.refusal().status()).isEqualTo(400);
  }

  @Test
  @DisplayName("CP-297 the end of maintenance takes the machine out of the schedule")
  void shouldGoUp() {
    // given
    scenario.operator(schedule(machine("h0"))).allocate().operator(start(machine("h0")));

    // when
    scenario.operator(stop(machine("h0")));

    // then
    assertThat(scenario.state().maintenance().schedule().getWindowsCount()).isZero();
    scenario.agent(0, AGENT);
    assertThat(scenario.state().agents().size()).isEqualTo(1);
  }

  @Test
  @DisplayName("CP-298 a schedule with a machine twice, without name, or with a wrong address")
  void shouldRefuseSchedules() {
    scenario.operator(schedule(machine("a"), machine("A")));
    assertThat(scenario.refusal().message()).contains("more than once");
    scenario.operator(schedule(MachineID.getDefaultInstance()));
    assertThat(scenario.refusal().message()).contains("'hostname' or an 'ip'");
    scenario.operator(schedule(MachineID.newBuilder().setIp("10.0.0.256").build()));
    assertThat(scenario.refusal().message()).contains("IPv4");
  }

  @Test
  @DisplayName("CP-292 an agent in a schedule is not drained")
  void shouldNotDrain() {
    Call.Builder drain = Call.newBuilder().setType(Call.Type.DRAIN_AGENT);
    drain.getDrainAgentBuilder().getAgentIdBuilder().setValue(agentId(0).value());
    scenario.operator(schedule(machine("h0"))).operator(drain);
    assertThat(scenario.refusal().status()).isEqualTo(400);
  }

  @Test
  @DisplayName("Inverse offers outlive a change of the leader, and are sent again")
  void shouldOutliveLeaders() {
    scenario.operator(schedule(machine("h0"))).allocate().lead(2).subscribeAgain();
    assertThat(scenario.toldTypes("again")).contains(Event.Type.INVERSE_OFFERS);
  }
}
