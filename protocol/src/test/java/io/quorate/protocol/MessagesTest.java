package io.quorate.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.quorate.protocol.v1.ContainerID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MessagesTest {
  private static final int UNKNOWN_FIELD = 12_345;

  @Test
  void shouldReadAMessage() throws Exception {
    Call call =
        Call.newBuilder()
            .setType(Call.Type.REVIVE)
            .setFrameworkId(FrameworkID.newBuilder().setValue("f"))
            .build();

    assertThat(Messages.parse(Call.parser(), call.toByteArray())).isEqualTo(call);
  }

  @Test
  void shouldRefuseWhatIsNoMessage() {
    for (byte[] bytes :
        new byte[][] {
          {(byte) 0xff, (byte) 0xff, (byte) 0xff},
          "{\"type\":\"REVIVE\"}".getBytes(StandardCharsets.UTF_8),
          // The end of a group that never began.
          {0x0c},
          // A required field is missing: a framework id without value.
          {0x0a, 0x00},
        }) {
      assertThatThrownBy(() -> Messages.parse(Call.parser(), bytes))
          .as(HexFormat.of().formatHex(bytes))
          .isInstanceOf(InvalidProtocolBufferException.class);
    }
  }

  @Test
  void shouldRefuseWhatCouldNotBeReadInsideOthers() throws Exception {
    ContainerID fine = nested(Messages.DEPTH_MAX - 1);
    ContainerID deep = nested(Messages.DEPTH_MAX + 1);

    assertThat(Messages.parse(ContainerID.parser(), fine.toByteArray())).isEqualTo(fine);
    assertThatThrownBy(() -> Messages.parse(ContainerID.parser(), deep.toByteArray()))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  void shouldRefuseUnknownGroupsThatAreTooDeep() {
    UnknownFieldSet groups = UnknownFieldSet.getDefaultInstance();
    for (int i = 0; i <= Messages.DEPTH_MAX; i++) {
      groups =
          UnknownFieldSet.newBuilder()
              .addField(UNKNOWN_FIELD, UnknownFieldSet.Field.newBuilder().addGroup(groups).build())
              .build();
    }
    byte[] call = Call.newBuilder().setUnknownFields(groups).build().toByteArray();

    assertThatThrownBy(() -> Messages.parse(Call.parser(), call))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  @DisplayName("the numbers of fields and enums on the wire are those of Mesos v1")
  void shouldWriteTheBytesOfMesos() {
    Call call =
        Call.newBuilder()
            .setFrameworkId(FrameworkID.newBuilder().setValue("f"))
            .setType(Call.Type.SUPPRESS)
            .build();
    TaskStatus status =
        TaskStatus.newBuilder()
            .setTaskId(io.quorate.protocol.v1.TaskID.newBuilder().setValue("t"))
            .setState(TaskState.TASK_RUNNING)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setReason(TaskStatus.Reason.REASON_COMMAND_EXECUTOR_FAILED)
            .build();
    Event heartbeat = Event.newBuilder().setType(Event.Type.HEARTBEAT).build();

    assertThat(hex(call.toByteArray())).isEqualTo("0a030a0166" + "100c");
    assertThat(hex(status.toByteArray())).isEqualTo("0a030a0174" + "1001" + "4802" + "5000");
    assertThat(hex(heartbeat.toByteArray())).isEqualTo("0808");
  }

  private static ContainerID nested(int levels) {
    ContainerID id = ContainerID.newBuilder().setValue("c").build();
    for (int i = 0; i < levels; i++) {
      id = ContainerID.newBuilder().setValue("c").setParent(id).build();
    }
    return id;
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
