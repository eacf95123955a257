package io.quorate.protocol.json;

import com.fasterxml.jackson.core.io.SerializedString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import io.quorate.protocol.v1.MesosProto;
import io.quorate.protocol.v1.agent.AgentProto;
import io.quorate.protocol.v1.allocator.AllocatorProto;
import io.quorate.protocol.v1.executor.ExecutorProto;
import io.quorate.protocol.v1.maintenance.MaintenanceProto;
import io.quorate.protocol.v1.master.MasterProto;
import io.quorate.protocol.v1.quota.QuotaProto;
import io.quorate.protocol.v1.resourceprovider.ResourceProviderProto;
import io.quorate.protocol.v1.scheduler.SchedulerProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What reading and writing need to know of a message type, looked up once: descriptors answer by
 * searching and by building names, which is too slow for each field of each call.
 *
 * @param fields in the order of the schema
 * @param byName the same
 */
record MessageShape(List<Field> fields, Map<String, Field> byName) {
  // All of v1 is known when the class is loaded, so that nothing changes afterwards.
  private static final Map<Descriptor, MessageShape> KNOWN =
      known(
          List.of(
              MesosProto.getDescriptor(),
              SchedulerProto.getDescriptor(),
              ExecutorProto.getDescriptor(),
              MasterProto.getDescriptor(),
              AgentProto.getDescriptor(),
              QuotaProto.getDescriptor(),
              AllocatorProto.getDescriptor(),
              MaintenanceProto.getDescriptor(),
              ResourceProviderProto.getDescriptor()));

  /**
   * A field is one field of a message.
   *
   * @param name ready to be written
   * @param always whether it is written also when it is not set
   */
  record Field(FieldDescriptor descriptor, SerializedString name, Kind kind, boolean always) {
    /** How many values there are. */
    enum Kind {
      SINGULAR,
      REPEATED,
      MAP
    }

    private static Field of(FieldDescriptor field) {
      Kind kind =
          field.isMapField() ? Kind.MAP : field.isRepeated() ? Kind.REPEATED : Kind.SINGULAR;
      boolean always =
          kind == Kind.SINGULAR
              && (!field.hasPresence()
                  || (field.hasDefaultValue() && !field.getOptions().getDeprecated()));
      return new Field(field, new SerializedString(field.getName()), kind, always);
    }

    /** Returns the descriptor of the keys of a map. */
    FieldDescriptor mapKey() {
      return descriptor.getMessageType().getFields().get(0);
    }

    /** Returns the descriptor of the values of a map. */
    FieldDescriptor mapValue() {
      return descriptor.getMessageType().getFields().get(1);
    }
  }

  static MessageShape of(Descriptor type) {
    MessageShape shape = KNOWN.get(type);
    return shape != null ? shape : shape(type);
  }

  /** The field of this name; empty if the message has none. */
  Optional<Field> field(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  private static MessageShape shape(Descriptor type) {
    List<Field> fields = type.getFields().stream().map(Field::of).toList();
    Map<String, Field> byName = new HashMap<>();
    fields.forEach(field -> byName.put(field.descriptor.getName(), field));
    return new MessageShape(fields, Map.copyOf(byName));
  }

  private static Map<Descriptor, MessageShape> known(List<FileDescriptor> files) {
    Map<Descriptor, MessageShape> shapes = new HashMap<>();
    files.forEach(file -> file.getMessageTypes().forEach(message -> add(shapes, message)));
    return Map.copyOf(shapes);
  }

  private static void add(Map<Descriptor, MessageShape> shapes, Descriptor type) {
    if (shapes.putIfAbsent(type, shape(type)) != null) {
      return;
    }
    type.getNestedTypes().forEach(nested -> add(shapes, nested));
    for (FieldDescriptor field : type.getFields()) {
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        add(shapes, field.getMessageType());
      }
    }
  }
}
