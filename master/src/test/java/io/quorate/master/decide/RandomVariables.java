package io.quorate.master.decide;

import com.google.protobuf.ByteString;
import io.quorate.master.event.Call;
import io.quorate.master.event.VariableCall;
import io.quorate.master.event.VariableCondition;
import java.util.SplittableRandom;

/** Random calls about few variables, so that they meet; each rule is broken now and then. */
final class RandomVariables {
  private static final String[] NAMES = {"a", "b", "c/d", "", "e\u0000", "f".repeat(256)};
  private static final String[] NAMESPACES = {"n", "m", "n\u00e9", ""};
  private static final String[] VERSIONS = {"v0", "v1", "v2", "v3", "", "no version"};

  private final SplittableRandom random;

  RandomVariables(SplittableRandom random) {
    this.random = random;
  }

  private String any(String[] all) {
    // The first ones more often.
    return all[Math.min(random.nextInt(all.length), random.nextInt(all.length))];
  }

  Call.Builder call() {
    Call.Builder call = Call.newBuilder();
    if (random.nextInt(4) == 0) {
      call.setPrincipal(any(NAMESPACES));
    }
    VariableCall.Builder variable =
        call.getVariableBuilder().setNamespace(any(NAMESPACES)).setName(any(NAMES));
    switch (random.nextInt(8)) {
      case 0, 1 -> variable.getExpungeBuilder().setCondition(condition());
      case 2 -> {}
      default ->
          variable
              .getStoreBuilder()
              .setValue(ByteString.copyFromUtf8("x".repeat(random.nextInt(5))))
              .setVersion(any(VERSIONS))
              .setCondition(condition());
    }
    return call;
  }

  private VariableCondition condition() {
    VariableCondition.Builder condition = VariableCondition.newBuilder();
    return switch (random.nextInt(5)) {
      case 0 -> condition.setPresent(random.nextBoolean()).build();
      case 1 -> condition.setAbsent(random.nextBoolean()).build();
      case 2 -> condition.setVersion(any(VERSIONS)).build();
      default -> condition.build();
    };
  }
}
