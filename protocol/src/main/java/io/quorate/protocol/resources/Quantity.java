package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A quantity says how much there is of one kind of resource. Never empty: nothing of a kind is no
 * entry at all.
 */
sealed interface Quantity permits Quantity.Scalar, Ranges, Quantity.Items, Quantity.Copies {

  /** Returns the resource's quantity, or nothing if it has none. */
  static Optional<Quantity> of(Resource resource) {
    return switch (resource.getType()) {
      case SCALAR -> {
        long millis = Scalar.millis(resource);
        yield millis == 0
            ? Optional.empty()
            : Optional.of(Identity.whole(resource) ? new Copies(1) : new Scalar(millis));
      }
      case RANGES ->
          resource.getRanges().getRangeCount() == 0
              ? Optional.empty()
              : Optional.of(Ranges.of(resource));
      case SET ->
          resource.getSet().getItemCount() == 0
              ? Optional.empty()
              : Optional.of(new Items(new TreeSet<>(resource.getSet().getItemList())));
      case TEXT ->
          throw new IllegalArgumentException(
              "resource '" + resource.getName() + "': type TEXT is not valid for resources");
    };
  }

  /** Returns the sum. */
  Quantity plus(Quantity other);

  /** What is left, where the other may hold more than this does; empty if nothing is left. */
  Optional<Quantity> minus(Quantity other);

  /** Whether all of the other is in this. Both are of one kind. */
  boolean contains(Quantity other);

  /**
   * Whether both hold something that exists once only, such as a port, so that their sum would hide
   * that it was asked for twice. Amounts and copies are counted, and never overlap.
   */
  boolean overlaps(Quantity other);

  /** Returns it as protocol buffers, which are one resource, or one for each copy. */
  List<Resource> on(Resource prototype);

  /** Thousandths, as Mesos counts (CP-087). */
  record Scalar(long millis) implements Quantity {
    private static final double MILLIS = 1000.0;

    /** Returns thousandths, rounded to the nearest. */
    static long millis(Resource resource) {
      double value = resource.getScalar().getValue();
      if (!(value >= 0 && value <= ResourceValidation.SCALAR_MAX)) {
        throw new IllegalArgumentException(
            "resource '" + resource.getName() + "': the scalar " + value + " is out of bounds");
      }
      return Math.round(value * MILLIS);
    }

    static Value.Scalar value(long millis) {
      return Value.Scalar.newBuilder().setValue(millis / MILLIS).build();
    }

    @Override
    public Quantity plus(Quantity other) {
      return new Scalar(Quantities.sum(millis, ((Scalar) other).millis));
    }

    @Override
    public Optional<Quantity> minus(Quantity other) {
      long left = millis - ((Scalar) other).millis;
      return left <= 0 ? Optional.empty() : Optional.of(new Scalar(left));
    }

    @Override
    public boolean overlaps(Quantity other) {
      return false;
    }

    @Override
    public boolean contains(Quantity other) {
      return millis >= ((Scalar) other).millis;
    }

    @Override
    public List<Resource> on(Resource prototype) {
      return List.of(prototype.toBuilder().setScalar(value(millis)).build());
    }
  }

  /** Items have names, and each is there once. */
  record Items(SortedSet<String> items) implements Quantity {
    @Override
    public Quantity plus(Quantity other) {
      TreeSet<String> all = new TreeSet<>(items);
      all.addAll(((Items) other).items);
      return new Items(all);
    }

    @Override
    public Optional<Quantity> minus(Quantity other) {
      TreeSet<String> left = new TreeSet<>(items);
      ((Items) other).items.forEach(left::remove);
      return left.isEmpty() ? Optional.empty() : Optional.of(new Items(left));
    }

    @Override
    public boolean overlaps(Quantity other) {
      return ((Items) other).items.stream().anyMatch(items::contains);
    }

    @Override
    public boolean contains(Quantity other) {
      return items.containsAll(((Items) other).items);
    }

    @Override
    public List<Resource> on(Resource prototype) {
      return List.of(
          prototype.toBuilder().setSet(Value.Set.newBuilder().addAllItem(items)).build());
    }
  }

  /**
   * Copies are things that exist as a whole, such as volumes and MOUNT disks. Their size is part of
   * the identity.
   */
  record Copies(int count) implements Quantity {
    @Override
    public Quantity plus(Quantity other) {
      return new Copies(Math.addExact(count, ((Copies) other).count));
    }

    @Override
    public Optional<Quantity> minus(Quantity other) {
      int left = count - ((Copies) other).count;
      return left <= 0 ? Optional.empty() : Optional.of(new Copies(left));
    }

    @Override
    public boolean overlaps(Quantity other) {
      return false;
    }

    @Override
    public boolean contains(Quantity other) {
      return count >= ((Copies) other).count;
    }

    @Override
    public List<Resource> on(Resource prototype) {
      return Collections.nCopies(count, prototype);
    }
  }
}
