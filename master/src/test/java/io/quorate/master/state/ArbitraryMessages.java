package io.quorate.master.state;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import java.util.List;
import java.util.Random;

/**
 * Makes messages of any kind out of chance: calls, events, whatever has a descriptor. Ids come from
 * small pools, so that messages speak of the same things and of things that are not there;
 * resources overlap on purpose; any field that is not required may be absent, empty or absurd.
 */
public final class ArbitraryMessages {
  private static final int DEPTH_MAX = 6;
  private static final int REPEATED_MAX = 3;
  private static final List<String> FRAMEWORKS = List.of("c-0000", "c-0001", "c-0002", "ghost");
  private static final List<String> AGENTS = List.of("c-S0", "c-S1", "c-S2", "ghost");
  private static final List<String> TASKS = List.of("t0", "t1", "t2", "t3", "t4", "t5");
  private static final List<String> EXECUTORS = List.of("e0", "e1", "");
  private static final List<String> ROLES = List.of("*", "a", "a/b", "r");
  private static final List<String> WORDS = List.of("", "x", "s0", "s1", "l0", "h0", "10.0.0.1");
  private static final List<Long> NUMBERS =
      List.of(0L, 1L, 2L, 3L, 5L, 1_000_000_000L, -1L, Long.MAX_VALUE, Long.MIN_VALUE);
  private static final List<Double> AMOUNTS =
      List.of(0.0, 0.1, 1.0, 2.5, 1000.0, -1.0, 1e12, Double.NaN, Double.POSITIVE_INFINITY);

  private final Random random;

  /** Takes its chance from here. */
  public ArbitraryMessages(Random random) {
    this.random = random;
  }

  /** Fills a message in; what it holds already may be replaced. */
  @SuppressWarnings("unchecked") // A builder of a kind builds messages of that kind.
  public <M extends Message> M fill(Message.Builder builder) {
    fill(builder, 0);
    return (M) builder.buildPartial();
  }

  private void fill(Message.Builder builder, int depth) {
    OneofDescriptor oneof =
        builder.getDescriptorForType().getOneofs().stream().findFirst().orElse(null);
    if (oneof != null) {
      set(builder, one(oneof.getFields()), depth);
    }
    for (FieldDescriptor field : builder.getDescriptorForType().getFields()) {
      boolean wanted = depth < DEPTH_MAX && random.nextInt(10) < (depth < 3 ? 7 : 2);
      if (field.getContainingOneof() == null && (field.isRequired() || wanted)) {
        set(builder, field, depth);
      }
    }
  }

  private void set(Message.Builder builder, FieldDescriptor field, int depth) {
    if (field.isMapField()) {
      return;
    }
    if (!field.isRepeated()) {
      builder.setField(field, value(builder, field, depth));
      return;
    }
    int count = random.nextInt(REPEATED_MAX + 1);
    for (int i = 0; i < count; i++) {
      builder.addRepeatedField(field, value(builder, field, depth));
    }
  }

  private Object value(Message.Builder builder, FieldDescriptor field, int depth) {
    String of = builder.getDescriptorForType().getName();
    return switch (field.getJavaType()) {
      case MESSAGE -> message(builder, field, depth);
      case STRING -> text(of, field.getName());
      case BYTE_STRING ->
          ByteString.copyFromUtf8(String.format("%016d", random.nextInt(4)))
              .substring(random.nextInt(5) == 0 ? 1 : 0);
      case ENUM -> {
        List<EnumValueDescriptor> values = field.getEnumType().getValues();
        yield one(values);
      }
      case BOOLEAN -> random.nextBoolean();
      case INT -> (int) (long) one(NUMBERS);
      case LONG -> one(NUMBERS);
      case FLOAT -> (float) (double) one(AMOUNTS);
      case DOUBLE -> one(AMOUNTS);
    };
  }

  private Message message(Message.Builder builder, FieldDescriptor field, int depth) {
    if (field.getMessageType().equals(Resource.getDescriptor()) && random.nextInt(8) > 0) {
      return resource();
    }
    Message.Builder inner = builder.newBuilderForField(field);
    fill(inner, depth + 1);
    return inner.buildPartial();
  }

  /** A valid one; ports and items are few, so that two are likely to overlap. */
  public Resource resource() {
    Resource.Builder resource = Resource.newBuilder();
    switch (random.nextInt(4)) {
      case 0 -> resource.setName("cpus").setType(Value.Type.SCALAR).getScalarBuilder().setValue(1);
      case 1 -> resource.setName("mem").setType(Value.Type.SCALAR).getScalarBuilder().setValue(64);
      case 2 -> {
        long begin = 31_000L + random.nextInt(4);
        resource.setName("ports").setType(Value.Type.RANGES);
        resource
            .getRangesBuilder()
            .addRangeBuilder()
            .setBegin(begin)
            .setEnd(begin + random.nextInt(3));
      }
      default -> {
        resource.setName("disks").setType(Value.Type.SET);
        resource.getSetBuilder().addItem("sd" + random.nextInt(3));
      }
    }
    if (random.nextInt(3) == 0) {
      resource.getAllocationInfoBuilder().setRole(one(ROLES));
    }
    if (random.nextInt(4) == 0) {
      resource
          .addReservationsBuilder()
          .setType(Resource.ReservationInfo.Type.DYNAMIC)
          .setRole(one(ROLES));
    }
    return resource.build();
  }

  private String text(String message, String field) {
    String name = field.equals("value") ? message : field;
    return switch (name) {
      case "framework_id", "FrameworkID" -> one(FRAMEWORKS);
      case "agent_id", "agent_ids", "AgentID" -> one(AGENTS);
      case "offer_id", "offer_ids", "OfferID" -> "c-O" + random.nextInt(6);
      case "task_id", "TaskID" -> one(TASKS);
      case "executor_id", "ExecutorID" -> one(EXECUTORS);
      case "uuid" -> "00000000-0000-0000-0000-00000000000" + random.nextInt(4);
      case "role", "roles", "suppressed_roles" -> one(ROLES);
      case "cluster_id" -> "c";
      case "stream_id" -> "s" + random.nextInt(3);
      case "link_id" -> "l" + random.nextInt(3);
      case "registration_id" -> "r" + random.nextInt(3);
      case "name" -> one(List.of("cpus", "mem", "ports", "x"));
      default -> one(WORDS);
    };
  }

  private <T> T one(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
