package io.quorate.master.http.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.scheduler.Call;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class SchedulerValidationTest {
  private static Call.Builder call(Call.Type type) {
    Call.Builder call = Call.newBuilder().setType(type);
    call.getFrameworkIdBuilder().setValue("f");
    return call;
  }

  private static String validate(Call.Builder call) {
    return SchedulerValidation.validate(call.buildPartial(), "").orElse("");
  }

  @Test
  @DisplayName("CP-161 an operation's acknowledgement names its agent, and has a uuid of 16 bytes")
  void shouldCheckOperationAcknowledgements() {
    Call.Builder call = call(Call.Type.ACKNOWLEDGE_OPERATION_STATUS);
    call.getAcknowledgeOperationStatusBuilder().setUuid(ByteString.copyFrom(new byte[16]));
    assertThat(validate(call)).contains("agent_id");
    call.getAcknowledgeOperationStatusBuilder().getAgentIdBuilder().setValue("a");
    assertThat(validate(call)).isEmpty();
    call.getAcknowledgeOperationStatusBuilder().setUuid(ByteString.copyFrom(new byte[15]));
    assertThat(validate(call)).contains("UUID");
  }

  @Test
  @DisplayName("CP-155 an update's acknowledgement has a uuid of 16 bytes")
  void shouldCheckAcknowledgements() {
    Call.Builder call = call(Call.Type.ACKNOWLEDGE);
    call.getAcknowledgeBuilder().setUuid(ByteString.copyFrom(new byte[17]));
    assertThat(validate(call)).contains("UUID");
  }

  @Test
  @DisplayName("CP-101 the two ids of UPDATE_FRAMEWORK are one")
  void shouldCompareIds() {
    Call.Builder call = call(Call.Type.UPDATE_FRAMEWORK);
    call.getUpdateFrameworkBuilder().getFrameworkInfoBuilder().setUser("u").setName("n");
    assertThat(validate(call)).contains("differs");
    call.getUpdateFrameworkBuilder().getFrameworkInfoBuilder().setId(call.getFrameworkId());
    assertThat(validate(call)).isEmpty();
  }
}
