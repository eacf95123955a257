package io.quorate.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.quorate.agent.store.record.JournalProto;
import io.quorate.log.wire.WireProto;
import io.quorate.master.event.LogProto;
import io.quorate.master.state.row.RowsProto;
import io.quorate.protocol.agentlink.AgentLinkProto;
import io.quorate.protocol.variables.VariablesProto;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the messages that are our own, on disk and between our daemons, to a wire that lasts: a
 * field that is required can never be left out again, by any release.
 */
class InternalMessagesTest {
  static List<FileDescriptor> files() {
    return List.of(
        LogProto.getDescriptor(),
        RowsProto.getDescriptor(),
        AgentLinkProto.getDescriptor(),
        VariablesProto.getDescriptor(),
        WireProto.getDescriptor(),
        JournalProto.getDescriptor());
  }

  @ParameterizedTest
  @MethodSource("files")
  void shouldRequireNoField(FileDescriptor file) {
    // when
    Stream<FieldDescriptor> fields =
        file.getMessageTypes().stream().flatMap(InternalMessagesTest::fields);
    // then
    assertThat(fields.filter(FieldDescriptor::isRequired).map(FieldDescriptor::getFullName))
        .as("make these optional, and check their presence where they are read")
        .isEmpty();
  }

  private static Stream<FieldDescriptor> fields(Descriptor message) {
    return Stream.concat(
        message.getFields().stream(),
        message.getNestedTypes().stream().flatMap(InternalMessagesTest::fields));
  }
}
