package io.quorate.master.http.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.TaskReport;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import org.junit.jupiter.api.Test;

class AgentCallValidationTest {
  private static AgentCall.Builder subscribe() {
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.SUBSCRIBE);
    call.getSubscribeBuilder()
        .setAgentInfo(AgentInfo.newBuilder().setHostname("h"))
        .setVersion("1")
        .setRegistrationId("r");
    return call;
  }

  @Test
  void shouldTakeWhatHasAllFields() {
    // given
    AgentCall call = subscribe().build();
    // when
    var lack = AgentCallValidation.validate(call);
    // then
    assertThat(lack).isEmpty();
  }

  @Test
  void shouldNameTheFieldOfASubscribe() {
    // given
    AgentCall.Builder call = subscribe();
    call.getSubscribeBuilder().clearRegistrationId();
    // when
    var lack = AgentCallValidation.validate(call.build());
    // then
    assertThat(lack).contains("Expecting 'registration_id' of Subscribe to be present");
  }

  @Test
  void shouldNameTheFieldOfAReport() {
    // given
    AgentCall.Builder call = subscribe();
    call.getSubscribeBuilder()
        .addTasks(TaskReport.newBuilder().setTaskId(TaskID.newBuilder().setValue("t")));
    // when
    var lack = AgentCallValidation.validate(call.build());
    // then
    assertThat(lack).contains("Expecting 'framework_id' of TaskReport to be present");
  }

  @Test
  void shouldWantTheMessageOfTheType() {
    // given
    AgentCall call = AgentCall.newBuilder().setType(AgentCall.Type.OPERATION_UPDATE).build();
    // when
    var lack = AgentCallValidation.validate(call);
    // then
    assertThat(lack).contains("Expecting 'operation_update' to be present");
  }

  @Test
  void shouldWantTheUuidOfAnUpdate() {
    // given
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.UPDATE);
    call.getUpdateBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue("f"))
        .setLatestState(TaskState.TASK_RUNNING)
        .setStatus(
            TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue("t"))
                .setState(TaskState.TASK_RUNNING)
                .setUuid(ByteString.copyFromUtf8("short")));
    // when
    var lack = AgentCallValidation.validate(call.build());
    // then
    assertThat(lack).contains("Expecting 'update' with a 'status.uuid' of 16 bytes");
  }
}
