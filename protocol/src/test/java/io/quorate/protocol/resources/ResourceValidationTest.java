package io.quorate.protocol.resources;

import static io.quorate.protocol.resources.SomeResources.disk;
import static io.quorate.protocol.resources.SomeResources.dynamic;
import static io.quorate.protocol.resources.SomeResources.fixed;
import static io.quorate.protocol.resources.SomeResources.old;
import static io.quorate.protocol.resources.SomeResources.ports;
import static io.quorate.protocol.resources.SomeResources.reserved;
import static io.quorate.protocol.resources.SomeResources.scalar;
import static io.quorate.protocol.resources.SomeResources.set;
import static io.quorate.protocol.resources.SomeResources.shared;
import static io.quorate.protocol.resources.SomeResources.source;
import static io.quorate.protocol.resources.SomeResources.volume;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Resource.DiskInfo;
import io.quorate.protocol.v1.Resource.ReservationInfo;
import io.quorate.protocol.v1.Value;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ResourceValidationTest {
  private static final Resource CPUS = scalar("cpus", 1);

  @Test
  void shouldAcceptWhatIsValid() {
    List<Resource> valid =
        List.of(
            CPUS,
            scalar("mem", 0),
            scalar("gpus", 2),
            ports(1, 5, 6, 9),
            set("zones", "a", "b"),
            reserved(CPUS, fixed("ops"), dynamic("ops/web", "p"), dynamic("ops/web/x", "p")),
            old(CPUS, "ops", ReservationInfo.newBuilder().setPrincipal("p").build()),
            shared(volume(64, "v")),
            disk(100, source(DiskInfo.Source.Type.RAW)));

    assertThat(ResourceValidation.validate(valid)).isEmpty();
  }

  @Test
  void shouldRefuseAnEmptyName() {
    refused(scalar("", 1), "Empty resource name");
  }

  @Test
  void shouldRefuseAValueOfAnotherType() {
    refused(CPUS.toBuilder().clearScalar().build(), "'scalar'");
    refused(CPUS.toBuilder().setType(Value.Type.RANGES).build(), "'ranges'");
    refused(CPUS.toBuilder().setType(Value.Type.SET).build(), "'set'");
    refused(CPUS.toBuilder().setType(Value.Type.TEXT).build(), "TEXT");
    refused(CPUS.toBuilder().setRanges(ports(1, 2).getRanges()).build(), "'scalar'");
  }

  @Test
  @DisplayName("CP-088 a negative scalar is invalid")
  void shouldRefuseNegativeScalars() {
    refused(
        scalar("cpus", -0.5),
        "Invalid resource 'cpus': 'scalar.value' must not be negative, but is -0.5");
  }

  @Test
  void shouldRefuseScalarsThatCannotBeCounted() {
    refused(scalar("cpus", Double.NaN), "finite");
    refused(scalar("cpus", Double.POSITIVE_INFINITY), "finite");
    refused(scalar("cpus", 1e12), "more than the largest");
    Resource large = scalar("cpus", ResourceValidation.SCALAR_MAX);
    assertThat(ResourceValidation.validate(large)).isEmpty();
    assertThat(ResourceValidation.validate(List.of(large, large)))
        .hasValueSatisfying(why -> assertThat(why).contains("sum").contains("cpus"));
  }

  @Test
  @DisplayName("CP-089 overlapping ranges are invalid, in whatever order they come")
  void shouldRefuseOverlappingRanges() {
    refused(ports(1, 5, 5, 9), "1-5 and 5-9 overlap");
    refused(ports(100, 200, 1, 150), "1-150 and 100-200 overlap");
  }

  @Test
  void shouldRefuseRangesThatAreNone() {
    refused(ports(5, 4), "5-4 ends before it begins");
    refused(ports(0, -1), "beyond the largest number");
    refused(ports(-2, -1), "beyond the largest number");
  }

  @Test
  void shouldBoundRangesAndResources() {
    Value.Ranges.Builder many = Value.Ranges.newBuilder();
    for (int i = 0; i <= ResourceValidation.RANGES_MAX; i++) {
      many.addRange(Value.Range.newBuilder().setBegin(2L * i).setEnd(2L * i));
    }
    refused(ports(1, 1).toBuilder().setRanges(many).build(), "more than 16384 ranges");
    assertThat(
            ResourceValidation.validate(
                Collections.nCopies(ResourceValidation.RESOURCES_MAX + 1, CPUS)))
        .hasValue("more than 4096 resources");
  }

  @Test
  @DisplayName("CP-090 duplicate members of a set are invalid")
  void shouldRefuseDuplicateItems() {
    refused(set("zones", "a", "b", "a"), "'a' twice");
  }

  @Test
  @DisplayName("CP-096 a fraction of a gpu is invalid")
  void shouldRefuseFractionsOfGpus() {
    refused(scalar("gpus", 0.5), "Invalid resource 'gpus': 'gpus' must be a whole number");
  }

  @Test
  void shouldRefuseDiskInfoElsewhere() {
    refused(volume(64, "v").toBuilder().setName("mem").build(), "'disk'");
    refused(volume(64, "a/b"), "'disk.persistence.id'");
    refused(
        disk(
            1,
            source(DiskInfo.Source.Type.BLOCK)
                .setMount(DiskInfo.Source.Mount.newBuilder().setRoot("/mnt"))),
        "neither 'mount' nor 'path'");
    refused(disk(1, source(DiskInfo.Source.Type.UNKNOWN)), "'disk.source.type'");
    refused(shared(scalar("disk", 1)), "'shared'");
  }

  @Test
  @DisplayName("CP-094 a refinement must be for a strict sub-role of the reservation below")
  void shouldRefuseRefinementsThatDoNotRefine() {
    refused(reserved(CPUS, fixed("ops"), dynamic("ops", "p")), "does not refine");
    refused(reserved(CPUS, fixed("ops"), dynamic("opsx", "p")), "does not refine");
    refused(reserved(CPUS, dynamic("ops/web", "p"), dynamic("ops", "p")), "does not refine");
    refused(reserved(CPUS, dynamic("ops", "p"), fixed("ops/web")), "must be DYNAMIC");
  }

  @Test
  void shouldRefuseReservationsOfNobody() {
    refused(reserved(CPUS, fixed("*")), "'*' cannot be reserved");
    refused(reserved(CPUS, fixed("a b")), "'reservations.role'");
    refused(reserved(CPUS, fixed("ops").toBuilder().clearType().build()), "STATIC or DYNAMIC");
    refused(old(CPUS, "a//b", null), "'role'");
    refused(old(CPUS, "*", ReservationInfo.getDefaultInstance()), "'*' cannot be reserved");
    refused(old(CPUS, "ops", fixed("ops")), "'reservation' must have neither");
  }

  @Test
  void shouldRefuseFormatsThatDisagree() {
    ReservationInfo p = ReservationInfo.newBuilder().setPrincipal("p").build();
    Resource stacked = reserved(CPUS, dynamic("ops", "p"));

    assertThat(ResourceValidation.validate(old(stacked, "ops", p))).isEmpty();
    refused(old(stacked, "web", p), "differ");
    refused(old(stacked, "ops", null), "differ");
    refused(old(stacked, "ops", p.toBuilder().setPrincipal("q").build()), "differ");
    refused(old(reserved(CPUS, fixed("a"), dynamic("a/b", "p")), "a/b", p), "differ");
  }

  private static void refused(Resource resource, String why) {
    assertThat(ResourceValidation.validate(resource))
        .hasValueSatisfying(text -> assertThat(text).contains(why));
    assertThat(ResourceValidation.validate(List.of(CPUS, resource))).isPresent();
  }
}
