package io.quorate.protocol.resources;

import static io.quorate.protocol.resources.SomeResources.allocated;
import static io.quorate.protocol.resources.SomeResources.disk;
import static io.quorate.protocol.resources.SomeResources.dynamic;
import static io.quorate.protocol.resources.SomeResources.fixed;
import static io.quorate.protocol.resources.SomeResources.labels;
import static io.quorate.protocol.resources.SomeResources.old;
import static io.quorate.protocol.resources.SomeResources.ports;
import static io.quorate.protocol.resources.SomeResources.reserved;
import static io.quorate.protocol.resources.SomeResources.scalar;
import static io.quorate.protocol.resources.SomeResources.shared;
import static io.quorate.protocol.resources.SomeResources.source;
import static io.quorate.protocol.resources.SomeResources.text;
import static io.quorate.protocol.resources.SomeResources.volume;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.UnknownFieldSet;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Resource.DiskInfo;
import io.quorate.protocol.v1.Resource.ReservationInfo;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.Volume;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourcesTest {
  private static final int UNKNOWN_FIELD = 12_345;

  @Test
  @DisplayName("CP-087 0.1 + 0.2 cpus equals 0.3 cpus")
  void shouldAddInThousandths() {
    Resources sum = text("cpus:0.1").plus(text("cpus:0.2"));

    assertThat(sum).isEqualTo(text("cpus:0.3"));
    assertThat(sum.scalarMillis("cpus")).isEqualTo(300);
    assertThat(sum.toProtos().get(0).getScalar().getValue()).isEqualTo(0.3);
  }

  @Test
  @DisplayName("CP-087 1.5123 equals 1.512, and less than half a thousandth is nothing")
  void shouldRoundToThousandths() {
    assertThat(text("cpus:1.5123")).isEqualTo(text("cpus:1.512"));
    assertThat(text("cpus:0.0004").isEmpty()).isTrue();
  }

  @Test
  @DisplayName("CP-095 taking 31005 of 31000-32000 leaves 31000-31004 and 31006-32000")
  void shouldSplitRangesExactly() {
    Resources left = text("ports:[31000-32000]").minus(text("ports:[31005-31005]"));

    assertThat(left).isEqualTo(text("ports:[31000-31004,31006-32000]"));
    assertThat(left.plus(text("ports:[31005-31005]"))).isEqualTo(text("ports:[31000-32000]"));
  }

  @ParameterizedTest(name = "{0} - {1} = {2}")
  @CsvSource(
      delimiter = '|',
      value = {
        "[1-10] | [1-1] | [2-10]",
        "[1-10] | [10-10] | [1-9]",
        "[1-10] | [1-3,5-5,9-10] | [4-4,6-8]",
        "[1-3,7-9] | [2-2,7-9] | [1-1,3-3]",
        "[1-3,5-6,8-9] | [1-3,8-9] | [5-6]",
        "[0-999999999999999999] | [1-999999999999999998] | [0-0,999999999999999999-999999999999999999]",
      })
  @DisplayName("CP-095 ranges are split at every border")
  void shouldSplitAtBorders(String all, String taken, String left) {
    assertThat(text("ports:" + all).minus(text("ports:" + taken))).isEqualTo(text("ports:" + left));
  }

  @Test
  void shouldNotContainRangesOverAGap() {
    Resources holed = text("ports:[1-4,6-10]");

    assertThat(holed.contains(text("ports:[4-6]"))).isFalse();
    assertThat(holed.contains(text("ports:[2-3,7-10]"))).isTrue();
    assertThat(holed.contains(text("ports:[10-11]"))).isFalse();
    assertThat(holed.contains(text("ports:[0-1]"))).isFalse();
  }

  @Test
  void shouldCountTheLargestRange() {
    Resources all = Resources.of(List.of(ports(0, Long.MAX_VALUE)));

    Resources left = all.minus(Resources.of(List.of(ports(5, Long.MAX_VALUE))));

    assertThat(left).isEqualTo(text("ports:[0-4]"));
    assertThat(all.plus(left)).isEqualTo(all);
  }

  @Test
  void shouldSubtractSets() {
    Resources left = text("zones:{a,b,c}").minus(text("zones:{b}"));

    assertThat(left).isEqualTo(text("zones:{a,c}"));
    assertThat(left.contains(text("zones:{b}"))).isFalse();
  }

  @Test
  void shouldRefuseToTakeWhatIsNotThere() {
    Resources few = text("cpus:1;ports:[1-2]");

    assertThatThrownBy(() -> few.minus(text("cpus:1.001")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cpus:1.001 is not contained in cpus:1; ports:[1-2]");
    assertThatThrownBy(() -> few.minus(text("mem:1"))).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldRefuseWhatCannotBeCounted() {
    for (Resource resource :
        List.of(
            scalar("cpus", -1),
            scalar("cpus", Double.NaN),
            scalar("cpus", 1e300),
            ports(5, 4),
            ports(0, -1),
            Resource.newBuilder().setName("x").setType(Value.Type.TEXT).build())) {
      assertThat(ResourceValidation.validate(resource)).isPresent();
      assertThatThrownBy(() -> Resources.of(List.of(resource)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(resource.getName());
    }
  }

  @Test
  @DisplayName("CP-091 the formats before and after refinement say the same")
  void shouldUpgradeReservations() {
    Resource old =
        old(
            scalar("cpus", 2),
            "ops",
            ReservationInfo.newBuilder().setPrincipal("p").setLabels(labels("b", "a")).build());
    Resource canonical = reserved(scalar("cpus", 2), dynamic("ops", "p", "a", "b"));

    assertThat(Resources.of(List.of(old))).isEqualTo(Resources.of(List.of(canonical)));
    assertThat(Resources.of(List.of(old)).toProtos()).containsExactly(canonical);
    assertThat(Resources.of(List.of(old(scalar("cpus", 2), "ops", null))).toProtos())
        .containsExactly(reserved(scalar("cpus", 2), fixed("ops")));
    assertThat(Resources.of(List.of(old(scalar("cpus", 2), "*", null)))).isEqualTo(text("cpus:2"));
  }

  @Test
  @DisplayName("CP-092 without RESERVATION_REFINEMENT a framework gets role and reservation")
  @SuppressWarnings("deprecation")
  void shouldWriteTheOldFormat() {
    Resources resources =
        Resources.of(
            List.of(
                scalar("cpus", 1),
                reserved(scalar("mem", 1), fixed("ops")),
                reserved(scalar("gpus", 1), dynamic("ops", "p"))));

    List<Resource> old = resources.toProtos(Resources.Format.PRE_REFINEMENT);

    assertThat(old).extracting(Resource::getName).containsExactly("cpus", "gpus", "mem");
    assertThat(old)
        .allMatch(resource -> resource.getReservationsCount() == 0 && resource.hasRole());
    assertThat(old).extracting(Resource::getRole).containsExactly("*", "ops", "ops");
    assertThat(old.get(1).getReservation().getPrincipal()).isEqualTo("p");
    assertThat(old.get(1).getReservation().hasRole()).isFalse();
    assertThat(old.get(2).hasReservation()).isFalse();
    assertThat(Resources.of(old)).isEqualTo(resources);
  }

  @Test
  @DisplayName("CP-093 with RESERVATION_REFINEMENT a framework gets the stack alone")
  @SuppressWarnings("deprecation")
  void shouldWriteTheNewFormat() {
    Resources resources = Resources.of(List.of(old(scalar("mem", 1), "ops", null)));

    assertThat(resources.toProtos(Resources.Format.POST_REFINEMENT))
        .isEqualTo(resources.toProtos())
        .allMatch(resource -> !resource.hasRole() && resource.getReservationsCount() == 1);
  }

  @Test
  @SuppressWarnings("deprecation")
  void shouldWriteBothFormatsForOperators() {
    Resource refined = reserved(scalar("cpus", 1), fixed("ops"), dynamic("ops/web", "p"));
    Resources resources =
        Resources.of(
            List.of(scalar("mem", 1), refined, reserved(scalar("disk", 1), dynamic("ops", "p"))));

    List<Resource> both = resources.toProtos(Resources.Format.ENDPOINT);

    assertThat(both.get(0)).isEqualTo(refined);
    assertThat(both.get(1).getRole()).isEqualTo("ops");
    assertThat(both.get(1).getReservation().getPrincipal()).isEqualTo("p");
    assertThat(both.get(1).getReservationsCount()).isEqualTo(1);
    assertThat(both.get(2).getRole()).isEqualTo("*");
    assertThat(Resources.of(both)).isEqualTo(resources);
    assertThat(both).allMatch(resource -> ResourceValidation.validate(resource).isEmpty());
  }

  @Test
  void shouldTellRefinedReservations() {
    Resource refined = reserved(scalar("cpus", 1), fixed("ops"), dynamic("ops/web", "p"));
    Resources resources = Resources.of(List.of(refined, scalar("cpus", 2)));

    assertThat(resources.refined().toProtos()).containsExactly(refined);
    assertThat(resources.minus(resources.refined()).toProtos(Resources.Format.PRE_REFINEMENT))
        .hasSize(1);
    assertThatThrownBy(() -> resources.toProtos(Resources.Format.PRE_REFINEMENT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cpus");
  }

  @Test
  void shouldKeepApartWhatDiffers() {
    Resource cpus = scalar("cpus", 1);
    List<Resource> kinds =
        List.of(
            cpus,
            reserved(cpus, fixed("ops")),
            reserved(cpus, dynamic("ops", "p")),
            reserved(cpus, dynamic("ops", "q")),
            reserved(cpus, dynamic("ops", "q", "label")),
            allocated(cpus, "*"),
            allocated(cpus, "ops"),
            cpus.toBuilder().setRevocable(Resource.RevocableInfo.getDefaultInstance()).build(),
            cpus.toBuilder().setProviderId(cpus.getProviderId().toBuilder().setValue("p")).build());

    Resources all = Resources.of(kinds);

    assertThat(all.toProtos()).containsExactlyInAnyOrderElementsOf(kinds);
    assertThat(all.scalarMillis("cpus")).isEqualTo(9000);
    for (Resource resource : kinds) {
      Resources two = Resources.of(List.of(resource, resource));
      assertThat(two.toProtos()).hasSize(1);
      assertThat(all.contains(two)).isFalse();
    }
  }

  @Test
  void shouldNotAddUpVolumes() {
    Resources two = Resources.of(List.of(volume(64, "v1"), volume(64, "v2"), volume(128, "v1")));

    assertThat(two.toProtos()).hasSize(3);
    assertThat(two.contains(Resources.of(List.of(volume(32, "v1"))))).isFalse();
    assertThat(two.contains(Resources.of(List.of(scalar("disk", 64))))).isFalse();
    assertThat(two.scalarMillis("disk")).isEqualTo(256_000);
  }

  @Test
  void shouldTakeMountDisksAsAWhole() {
    Resource mount = disk(100, source(DiskInfo.Source.Type.MOUNT));
    Resource path = disk(100, source(DiskInfo.Source.Type.PATH));
    Resource pool = disk(100, source(DiskInfo.Source.Type.RAW));
    Resource raw = disk(100, source(DiskInfo.Source.Type.RAW).setId("r1"));

    assertThat(Resources.of(List.of(mount, mount)).toProtos()).containsExactly(mount, mount);
    assertThat(Resources.of(List.of(raw, raw)).toProtos()).containsExactly(raw, raw);
    assertThat(Resources.of(List.of(path, path)).toProtos())
        .containsExactly(disk(200, source(DiskInfo.Source.Type.PATH)));
    assertThat(Resources.of(List.of(pool, pool)).toProtos())
        .containsExactly(disk(200, source(DiskInfo.Source.Type.RAW)));
  }

  @Test
  void shouldCountSharedVolumes() {
    Resource volume = shared(volume(64, "v"));
    Resources one = Resources.of(List.of(volume));

    Resources three = one.plus(one).plus(one);

    assertThat(three.toProtos()).containsExactly(volume, volume, volume);
    assertThat(three.minus(one)).isEqualTo(one.plus(one));
    assertThat(three.scalarMillis("disk")).isEqualTo(64_000);
    assertThat(three.scalarQuantities()).containsExactly(Map.entry("disk", 64_000L));
  }

  @Test
  void shouldNotCareHowAVolumeIsMounted() {
    Volume at = Volume.newBuilder().setMode(Volume.Mode.RW).setContainerPath("elsewhere").build();
    Resource offered = volume(64, "v");
    Resource used =
        offered.toBuilder().setDisk(offered.getDisk().toBuilder().setVolume(at)).build();

    assertThat(Resources.of(List.of(offered)).contains(Resources.of(List.of(used)))).isTrue();
    assertThat(Resources.of(List.of(used)).toProtos()).containsExactly(used);
  }

  @Test
  void shouldIgnoreFieldsOfLaterVersions() {
    UnknownFieldSet later =
        UnknownFieldSet.newBuilder()
            .addField(UNKNOWN_FIELD, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    Resource plain = reserved(scalar("cpus", 1), dynamic("ops", "p"));
    Resource outside = plain.toBuilder().setUnknownFields(later).build();
    Resource inside =
        plain.toBuilder()
            .setReservations(0, plain.getReservations(0).toBuilder().setUnknownFields(later))
            .build();

    assertThat(Resources.of(List.of(outside, inside)))
        .isEqualTo(Resources.of(List.of(plain, plain)));
  }

  @Test
  void shouldAllocate() {
    Resources both = text("cpus:1;cpus(ops):2;ports:[1-2]");

    Resources allocated = both.allocatedTo("web");

    assertThat(allocated.toProtos())
        .allMatch(resource -> resource.getAllocationInfo().getRole().equals("web"));
    assertThat(allocated).isNotEqualTo(both);
    assertThat(allocated.unallocated()).isEqualTo(both);
    assertThat(allocated.allocatedTo("db").unallocated()).isEqualTo(both);
  }

  @Test
  void shouldSelectByReservation() {
    Resources all = text("cpus:1;cpus(ops):2;cpus(ops/web):4;cpus(opsx):8");

    assertThat(all.unreserved()).isEqualTo(text("cpus:1"));
    assertThat(all.reservedFor("ops")).isEqualTo(text("cpus(ops):2"));
    assertThat(all.reservedFor("ops/web")).isEqualTo(text("cpus(ops):2;cpus(ops/web):4"));
    assertThat(all.reservedFor("nobody").isEmpty()).isTrue();
  }

  @Test
  void shouldSumScalars() {
    Resources all = text("mem:10.5;cpus:1;cpus(ops):2;ports:[1-2];zones:{a}");

    assertThat(all.scalarQuantities())
        .containsExactly(Map.entry("cpus", 3000L), Map.entry("mem", 10_500L));
    assertThat(all.names()).containsExactly("cpus", "mem", "ports", "zones");
    assertThat(all.scalarMillis("ports")).isZero();
    assertThat(all.scalarMillis("nothing")).isZero();
  }

  @Test
  void shouldPrintAsMesosDoes() {
    Resources all = text("mem:32;cpus:1000;ports:[31000-32000,5-5];zones:{b,a};disk:0.125");

    assertThat(all)
        .hasToString("cpus:1000; disk:0.125; mem:32; ports:[5-5, 31000-32000]; zones:{a, b}");
    assertThat(text("cpus:7.8;mem:8128").allocatedTo("*"))
        .hasToString("cpus(allocated: *):7.8; mem(allocated: *):8128");
    assertThat(Resources.of(List.of(reserved(scalar("cpus", 1), fixed("a"), dynamic("a/b", "p")))))
        .hasToString("cpus(reservations: [(STATIC,a),(DYNAMIC,a/b,p)]):1");
    assertThat(Resources.of(List.of(shared(volume(64, "v"))))).hasToString("disk[v]<SHARED>:64");
  }
}
