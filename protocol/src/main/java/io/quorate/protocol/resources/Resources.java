package io.quorate.protocol.resources;

import io.quorate.protocol.Roles;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * An immutable bag of resources with exact arithmetic: scalars in thousandths, ranges of whole
 * numbers, sets of names (Mesos 2.3). What differs in reservation, disk, sharing, revocability,
 * allocation or provider is kept apart. Iteration is in a fixed order.
 *
 * <p>Any of the three reservation formats is understood; inside, all is in the canonical one.
 */
public final class Resources {
  /** These are no resources. */
  public static final Resources EMPTY = new Resources(new TreeMap<>());

  /** How reservations are written. */
  public enum Format {
    /**
     * The fields {@code role} and {@code reservation} say it, for frameworks without
     * RESERVATION_REFINEMENT.
     */
    PRE_REFINEMENT,
    /** The stack of reservations says it, which is the canonical format. */
    POST_REFINEMENT,
    /** The stack, and the old fields where they can say the same: for operators. */
    ENDPOINT
  }

  private final TreeMap<Identity, Quantity> entries;

  private Resources(TreeMap<Identity, Quantity> entries) {
    this.entries = entries;
  }

  /**
   * Returns the sum of these resources.
   *
   * <p>Ranges and sets are united, as in Mesos: what is in both is there once.
   *
   * @throws IllegalArgumentException for what {@link ResourceValidation} refuses: a type that
   *     resources cannot have, a scalar or range out of bounds
   */
  public static Resources of(Iterable<Resource> resources) {
    TreeMap<Identity, Quantity> entries = new TreeMap<>();
    for (Resource resource : resources) {
      Resource canonical = Reservations.canonical(resource);
      Quantity.of(canonical)
          .ifPresent(quantity -> entries.merge(Identity.of(canonical), quantity, Quantity::plus));
    }
    return entries.isEmpty() ? EMPTY : new Resources(entries);
  }

  /**
   * The sum of those of these resources that can be counted with. What {@link #of} would refuse is
   * left out, so that there is an answer for everything that a log or a stored row can say.
   */
  public static Resources countable(Iterable<Resource> resources) {
    try {
      return of(resources);
    } catch (IllegalArgumentException | ArithmeticException refused) {
      List<Resource> some = new ArrayList<>();
      resources.forEach(
          resource -> {
            if (ResourceValidation.validate(resource).isEmpty()) {
              some.add(resource);
            }
          });
      return of(some);
    }
  }

  /** Returns the sum. */
  public Resources plus(Resources other) {
    if (other.isEmpty()) {
      return this;
    }
    if (isEmpty()) {
      return other;
    }
    TreeMap<Identity, Quantity> sum = new TreeMap<>(entries);
    other.entries.forEach((identity, quantity) -> sum.merge(identity, quantity, Quantity::plus));
    return new Resources(sum);
  }

  /**
   * Returns what is left.
   *
   * @throws IllegalArgumentException if the other is not contained
   */
  public Resources minus(Resources other) {
    if (other.isEmpty()) {
      return this;
    }
    if (!contains(other)) {
      throw new IllegalArgumentException(other + " is not contained in " + this);
    }
    return minusPresent(other);
  }

  /**
   * What is left when as much of the other is taken away as is here. Unlike {@link #minus} it has
   * an answer for everything, so that what is given back can be counted out of a damaged sum as
   * well.
   */
  public Resources minusPresent(Resources other) {
    TreeMap<Identity, Quantity> left = new TreeMap<>(entries);
    other.entries.forEach(
        (identity, quantity) ->
            left.computeIfPresent(identity, (key, mine) -> mine.minus(quantity).orElse(null)));
    return left.isEmpty() ? EMPTY : new Resources(left);
  }

  /**
   * The name of the first resource of which some range or item is in more than one of these
   * resources. {@link #of} and {@link #plus} would unite them, and hide that something which exists
   * once was asked for twice. They must be valid.
   */
  public static Optional<String> overlap(Iterable<Resource> resources) {
    TreeMap<Identity, Quantity> seen = new TreeMap<>();
    for (Resource resource : resources) {
      Resource canonical = Reservations.canonical(resource);
      Optional<Quantity> quantity = Quantity.of(canonical);
      if (quantity.isPresent()) {
        Identity identity = Identity.of(canonical);
        Quantity before = seen.get(identity);
        if (before != null && before.overlaps(quantity.get())) {
          return Optional.of(resource.getName());
        }
        seen.merge(identity, quantity.get(), Quantity::plus);
      }
    }
    return Optional.empty();
  }

  /** Whether all of the other is here. */
  public boolean contains(Resources other) {
    if (this == other) {
      return true;
    }
    for (Map.Entry<Identity, Quantity> entry : other.entries.entrySet()) {
      Quantity mine = entries.get(entry.getKey());
      if (mine == null || !mine.contains(entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  /** Whether there is nothing. */
  public boolean isEmpty() {
    return entries.isEmpty();
  }

  /** Returns them in the canonical format. */
  public List<Resource> toProtos() {
    List<Resource> resources = new ArrayList<>(entries.size());
    entries.forEach((identity, quantity) -> resources.addAll(quantity.on(identity.prototype())));
    return resources;
  }

  /**
   * Returns them in a format of choice.
   *
   * @throws IllegalArgumentException for refined reservations in {@link Format#PRE_REFINEMENT}
   */
  public List<Resource> toProtos(Format format) {
    return toProtos().stream()
        .map(
            resource ->
                switch (format) {
                  case PRE_REFINEMENT -> Reservations.preRefinement(resource);
                  case POST_REFINEMENT -> resource;
                  case ENDPOINT -> Reservations.endpoint(resource);
                })
        .toList();
  }

  /** Returns them with all allocated to one role. */
  public Resources allocatedTo(String role) {
    return map(
        resource ->
            resource.toBuilder()
                .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role))
                .build());
  }

  /** Returns them without any allocation. */
  public Resources unallocated() {
    return map(
        resource ->
            resource.hasAllocationInfo()
                ? resource.toBuilder().clearAllocationInfo().build()
                : resource);
  }

  private Resources map(UnaryOperator<Resource> how) {
    if (isEmpty()) {
      return this;
    }
    TreeMap<Identity, Quantity> mapped = new TreeMap<>();
    entries.forEach(
        (identity, quantity) -> {
          Resource changed = how.apply(identity.prototype());
          Identity next =
              changed == identity.prototype() ? identity : Identity.ofPrototype(changed);
          mapped.merge(next, quantity, Quantity::plus);
        });
    return new Resources(mapped);
  }

  /**
   * What the predicate holds for; it sees canonical resources, of which only the identity counts.
   */
  public Resources filter(Predicate<Resource> predicate) {
    TreeMap<Identity, Quantity> some = new TreeMap<>();
    entries.forEach(
        (identity, quantity) -> {
          if (predicate.test(identity.prototype())) {
            some.put(identity, quantity);
          }
        });
    return some.isEmpty() ? EMPTY : some.size() == entries.size() ? this : new Resources(some);
  }

  /** Sees each kind of resource, of which only the identity counts, and how much there is of it. */
  public interface Visitor {
    /**
     * Visits one kind.
     *
     * @param millis thousandths of a scalar; 0 for ranges and sets
     */
    void visit(Resource identity, long millis);
  }

  /** Shows all to the visitor, in order. */
  public void forEach(Visitor visitor) {
    entries.forEach(
        (identity, quantity) ->
            visitor.visit(
                identity.prototype(),
                identity.prototype().getType() == Value.Type.SCALAR
                    ? millis(identity, quantity)
                    : 0));
  }

  /** Parted by what a function says of each; it sees what {@link #filter} shows. */
  public SortedMap<String, Resources> groupBy(Function<Resource, String> key) {
    TreeMap<String, TreeMap<Identity, Quantity>> parts = new TreeMap<>();
    entries.forEach(
        (identity, quantity) ->
            parts
                .computeIfAbsent(key.apply(identity.prototype()), any -> new TreeMap<>())
                .put(identity, quantity));
    TreeMap<String, Resources> groups = new TreeMap<>();
    parts.forEach((name, some) -> groups.put(name, new Resources(some)));
    return Collections.unmodifiableSortedMap(groups);
  }

  /**
   * Returns them with no more of the named scalars than this, in thousandths. What exists as a
   * whole only is in or out. Names that are not there have no bound, and neither has what is no
   * scalar.
   */
  public Resources atMost(Map<String, Long> millis) {
    TreeMap<Identity, Quantity> some = new TreeMap<>();
    Map<String, Long> left = new TreeMap<>(millis);
    entries.forEach(
        (identity, quantity) -> {
          String name = identity.prototype().getName();
          Long most = left.get(name);
          if (most == null || identity.prototype().getType() != Value.Type.SCALAR) {
            some.put(identity, quantity);
            return;
          }
          long here = millis(identity, quantity);
          boolean divisible = quantity instanceof Quantity.Scalar;
          long taken = here <= most ? here : divisible ? Math.max(0, most) : 0;
          if (taken > 0) {
            some.put(identity, taken == here ? quantity : new Quantity.Scalar(taken));
            left.put(name, most - taken);
          }
        });
    return some.isEmpty() ? EMPTY : some.equals(entries) ? this : new Resources(some);
  }

  /** What is of another kind than everything in the other: amounts do not count. */
  public Resources unlike(Resources other) {
    TreeMap<Identity, Quantity> some = new TreeMap<>(entries);
    some.keySet().removeAll(other.entries.keySet());
    return some.isEmpty() ? EMPTY : some.size() == entries.size() ? this : new Resources(some);
  }

  /** What is not reserved. */
  public Resources unreserved() {
    return filter(resource -> resource.getReservationsCount() == 0);
  }

  /** What has more than one reservation, which {@link Format#PRE_REFINEMENT} cannot say. */
  public Resources refined() {
    return filter(resource -> resource.getReservationsCount() > 1);
  }

  /** What is reserved for this role or an ancestor of it (Mesos 5.5). */
  public Resources reservedFor(String role) {
    return filter(
        resource ->
            resource.getReservationsCount() > 0
                && Roles.covers(
                    resource.getReservations(resource.getReservationsCount() - 1).getRole(), role));
  }

  /** The scalar amount of this name over all kinds, in thousandths. */
  public long scalarMillis(String name) {
    long sum = 0;
    for (Map.Entry<Identity, Quantity> entry : entries.entrySet()) {
      if (entry.getKey().prototype().getName().equals(name)) {
        sum = Quantities.sum(sum, millis(entry.getKey(), entry.getValue()));
      }
    }
    return sum;
  }

  /** The scalar amounts by name over all kinds, in thousandths. */
  public SortedMap<String, Long> scalarQuantities() {
    TreeMap<String, Long> sums = new TreeMap<>();
    entries.forEach(
        (identity, quantity) -> {
          if (identity.prototype().getType() == Value.Type.SCALAR) {
            sums.merge(identity.prototype().getName(), millis(identity, quantity), Quantities::sum);
          }
        });
    return Collections.unmodifiableSortedMap(sums);
  }

  private static long millis(Identity identity, Quantity quantity) {
    if (quantity instanceof Quantity.Scalar scalar) {
      return scalar.millis();
    }
    if (quantity instanceof Quantity.Copies copies) {
      // A shared volume is one volume, however many use it.
      long count = identity.prototype().hasShared() ? 1 : copies.count();
      return Quantities.product(Quantity.Scalar.millis(identity.prototype()), count);
    }
    return 0;
  }

  /** Returns the names. */
  public SortedSet<String> names() {
    TreeSet<String> names = new TreeSet<>();
    entries.keySet().forEach(identity -> names.add(identity.prototype().getName()));
    return names;
  }

  @Override
  public boolean equals(Object other) {
    return this == other
        || (other instanceof Resources resources && entries.equals(resources.entries));
  }

  @Override
  public int hashCode() {
    return entries.hashCode();
  }

  /** As Mesos writes them in messages: {@code cpus(allocated: *):4; ports:[31000-32000]}. */
  @Override
  public String toString() {
    StringJoiner text = new StringJoiner("; ");
    toProtos().forEach(resource -> text.add(ResourcePrinter.print(resource)));
    return text.toString();
  }
}
