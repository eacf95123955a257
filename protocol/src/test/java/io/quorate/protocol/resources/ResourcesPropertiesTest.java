package io.quorate.protocol.resources;

import static io.quorate.protocol.resources.SomeResources.allocated;
import static io.quorate.protocol.resources.SomeResources.disk;
import static io.quorate.protocol.resources.SomeResources.dynamic;
import static io.quorate.protocol.resources.SomeResources.fixed;
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
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Label;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The laws of the algebra, for all resources. Properties are named with jqwik's Label: one with an
 * annotation of JUnit's would be skipped without a word.
 */
class ResourcesPropertiesTest {
  private static final int PORTS = 40;

  @Property
  void shouldGetBackWhatWasAdded(
      @ForAll("lefts") List<Resource> a, @ForAll("rights") List<Resource> b) {
    Resources left = Resources.of(a);
    Resources right = Resources.of(b);

    Resources sum = left.plus(right);

    assertThat(sum.contains(left)).isTrue();
    assertThat(sum.contains(right)).isTrue();
    assertThat(sum.minus(right)).isEqualTo(left);
    assertThat(sum.minus(left)).isEqualTo(right);
    assertThat(sum.minus(sum)).isEqualTo(Resources.EMPTY);
  }

  @Property
  void shouldNotDependOnOrder(
      @ForAll("lefts") List<Resource> a,
      @ForAll("rights") List<Resource> b,
      @ForAll Random random) {
    List<Resource> all = new ArrayList<>(a);
    all.addAll(b);
    List<Resource> shuffled = new ArrayList<>(all);
    Collections.shuffle(shuffled, random);

    Resources one = Resources.of(all);
    Resources other = Resources.of(shuffled);
    Resources sum = Resources.of(b).plus(Resources.of(a));

    assertThat(other).isEqualTo(one).hasSameHashCodeAs(one).hasToString(one.toString());
    assertThat(other.toProtos()).isEqualTo(one.toProtos());
    assertThat(sum).isEqualTo(one);
  }

  @Property
  void shouldAddInAnyGrouping(
      @ForAll("lefts") List<Resource> a,
      @ForAll("rights") List<Resource> b,
      @ForAll("lefts") List<Resource> c) {
    Resources one = Resources.of(a).plus(Resources.of(b)).plus(Resources.of(c));
    Resources other = Resources.of(a).plus(Resources.of(b).plus(Resources.of(c)));

    assertThat(other).isEqualTo(one);
  }

  @Property
  void shouldContainExactlyWhatCanBeTaken(
      @ForAll("lefts") List<Resource> a, @ForAll("lefts") List<Resource> b) {
    Resources all = Resources.of(a);
    Resources part = Resources.of(b);

    if (all.contains(part)) {
      assertThat(all.minus(part).plus(part)).isEqualTo(all);
    } else {
      assertThat(part.isEmpty()).isFalse();
      assertThat(part.contains(all) && all.contains(part)).isFalse();
    }
  }

  @Property
  @Label("CP-091 CP-092 CP-093 every format says the same")
  void shouldSurviveTheWire(@ForAll("lefts") List<Resource> a) {
    Resources all = Resources.of(a);

    assertThat(Resources.of(all.toProtos())).isEqualTo(all);
    assertThat(Resources.of(all.toProtos(Resources.Format.ENDPOINT))).isEqualTo(all);
    Resources flat = all.minus(all.refined());
    assertThat(Resources.of(flat.toProtos(Resources.Format.PRE_REFINEMENT))).isEqualTo(flat);
    assertThat(ResourceValidation.validate(all.toProtos())).isEmpty();
  }

  @Property
  void shouldAllocateAndBack(@ForAll("plain") List<Resource> a) {
    Resources all = Resources.of(a);

    assertThat(all.allocatedTo("web").unallocated()).isEqualTo(all);
    assertThat(all.allocatedTo("web").scalarQuantities()).isEqualTo(all.scalarQuantities());
  }

  @Property
  @Label("CP-095 ranges behave as the numbers in them")
  void shouldCountPortsAsASetOfNumbers(@ForAll("numbers") BitSet a, @ForAll("numbers") BitSet b) {
    BitSet both = (BitSet) a.clone();
    both.and(b);
    BitSet onlyA = (BitSet) a.clone();
    onlyA.andNot(b);
    BitSet either = (BitSet) a.clone();
    either.or(b);

    assertThat(ofNumbers(a).contains(ofNumbers(b))).isEqualTo(both.equals(b));
    assertThat(ofNumbers(a).minus(ofNumbers(both))).isEqualTo(ofNumbers(onlyA));
    assertThat(ofNumbers(a).plus(ofNumbers(b))).isEqualTo(ofNumbers(either));
  }

  @Property
  @Label("CP-087 scalars add up in thousandths")
  void shouldAddScalarsExactly(@ForAll("amounts") List<Integer> millis) {
    List<Resource> parts = millis.stream().map(amount -> scalar("cpus", amount / 1000.0)).toList();
    long sum = millis.stream().mapToLong(Integer::longValue).sum();

    assertThat(Resources.of(parts).scalarMillis("cpus")).isEqualTo(sum);
    assertThat(Resources.of(parts)).isEqualTo(Resources.of(List.of(scalar("cpus", sum / 1000.0))));
  }

  private static Resources ofNumbers(BitSet numbers) {
    List<Resource> ports = numbers.stream().mapToObj(n -> ports(n, n)).toList();
    return Resources.of(ports);
  }

  @Provide
  Arbitrary<BitSet> numbers() {
    return Arbitraries.integers()
        .between(0, PORTS)
        .list()
        .ofMaxSize(PORTS)
        .map(
            numbers -> {
              BitSet bits = new BitSet();
              numbers.forEach(bits::set);
              return bits;
            });
  }

  @Provide
  Arbitrary<List<Integer>> amounts() {
    return Arbitraries.integers().between(0, 10_000_000).list().ofMaxSize(50);
  }

  /** What has ports and items below those of {@link #rights}, touching them. */
  @Provide
  Arbitrary<List<Resource>> lefts() {
    return resources(0, List.of("a", "b", "c"));
  }

  @Provide
  Arbitrary<List<Resource>> rights() {
    return resources(PORTS, List.of("d", "e"));
  }

  @Provide
  Arbitrary<List<Resource>> plain() {
    return quantities(0, List.of("a", "b")).list().ofMaxSize(8);
  }

  private static Arbitrary<List<Resource>> resources(int firstPort, List<String> items) {
    Arbitrary<UnaryOperator<Resource>> kinds =
        Arbitraries.<UnaryOperator<Resource>>of(
            resource -> resource,
            resource -> reserved(resource, fixed("ops")),
            resource -> reserved(resource, dynamic("ops", "p", "x", "y")),
            resource -> reserved(resource, dynamic("ops", "p", "y", "x")),
            resource -> reserved(resource, fixed("ops"), dynamic("ops/web", "p")),
            resource -> allocated(resource, "web"),
            resource ->
                resource.toBuilder()
                    .setRevocable(Resource.RevocableInfo.getDefaultInstance())
                    .build());
    return quantities(firstPort, items)
        .flatMap(resource -> kinds.map(kind -> kind.apply(resource)))
        .list()
        .ofMaxSize(8);
  }

  private static Arbitrary<Resource> quantities(int firstPort, List<String> items) {
    Arbitrary<Resource> scalars =
        Arbitraries.of("cpus", "mem", "disk")
            .flatMap(
                name ->
                    Arbitraries.integers()
                        .between(0, 4000)
                        .map(millis -> scalar(name, millis / 1000.0)));
    Arbitrary<Resource> ranges =
        Arbitraries.integers()
            .between(0, PORTS - 1)
            .flatMap(
                begin ->
                    Arbitraries.integers()
                        .between(begin, PORTS - 1)
                        .map(end -> ports(firstPort + begin, firstPort + end)));
    Arbitrary<Resource> sets =
        Arbitraries.of(items).set().map(some -> set("zones", some.toArray(new String[0])));
    Arbitrary<Resource> disks =
        Arbitraries.of(
            volume(64, "v1"),
            volume(64, "v2"),
            shared(volume(64, "v3")),
            disk(100, source(DiskInfo.Source.Type.MOUNT)),
            disk(100, source(DiskInfo.Source.Type.PATH)),
            disk(100, source(DiskInfo.Source.Type.RAW)),
            disk(100, source(DiskInfo.Source.Type.BLOCK).setId("b1")));
    return Arbitraries.oneOf(scalars, ranges, sets, disks);
  }
}
