package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** How much of one kind of resource. Never empty: nothing of a kind is no entry at all. */
sealed interface Quantity {

  /** The sum. */
  Quantity plus(Quantity other);

  /** What is left; null if nothing is. The other must be contained. */
  Quantity minus(Quantity other);

  boolean contains(Quantity other);

  /** As protocol buffers: one resource, or one per copy. */
  List<Resource> on(Resource identity);

  /** Thousandths, as Mesos counts (CP-087). */
  record Scalar(long millis) implements Quantity {
    @Override
    public Quantity plus(Quantity other) {
      return new Scalar(Math.addExact(millis, ((Scalar) other).millis));
    }

    @Override
    public Quantity minus(Quantity other) {
      long left = millis - ((Scalar) other).millis;
      return left == 0 ? null : new Scalar(left);
    }

    @Override
    public boolean contains(Quantity other) {
      return millis >= ((Scalar) other).millis;
    }

    @Override
    public List<Resource> on(Resource identity) {
      return List.of(
          identity.toBuilder()
              .setScalar(Value.Scalar.newBuilder().setValue(millis / 1000.0))
              .build());
    }
  }

  /** Whole numbers in disjoint, ascending, non-adjacent ranges, both ends included. */
  record Ranges(List<Range> ranges) implements Quantity {
    /** Both ends included. */
    record Range(long begin, long end) {}

    static Ranges of(List<Range> any) {
      List<Range> sorted = new ArrayList<>(any);
      sorted.sort((a, b) -> Long.compare(a.begin, b.begin));
      List<Range> merged = new ArrayList<>();
      for (Range each : sorted) {
        Range last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
        if (last != null && (each.begin <= last.end || each.begin == last.end + 1)) {
          merged.set(merged.size() - 1, new Range(last.begin, Math.max(last.end, each.end)));
        } else {
          merged.add(each);
        }
      }
      return new Ranges(List.copyOf(merged));
    }

    @Override
    public Quantity plus(Quantity other) {
      List<Range> all = new ArrayList<>(ranges);
      all.addAll(((Ranges) other).ranges);
      return of(all);
    }

    @Override
    public Quantity minus(Quantity other) {
      List<Range> left = ranges;
      for (Range taken : ((Ranges) other).ranges) {
        List<Range> next = new ArrayList<>();
        for (Range each : left) {
          if (taken.end < each.begin || taken.begin > each.end) {
            next.add(each);
            continue;
          }
          if (each.begin < taken.begin) {
            next.add(new Range(each.begin, taken.begin - 1));
          }
          if (taken.end < each.end) {
            next.add(new Range(taken.end + 1, each.end));
          }
        }
        left = next;
      }
      return left.isEmpty() ? null : new Ranges(List.copyOf(left));
    }

    @Override
    public boolean contains(Quantity other) {
      return ((Ranges) other)
          .ranges.stream()
              .allMatch(
                  part ->
                      ranges.stream()
                          .anyMatch(each -> each.begin <= part.begin && part.end <= each.end));
    }

    @Override
    public List<Resource> on(Resource identity) {
      Value.Ranges.Builder value = Value.Ranges.newBuilder();
      ranges.forEach(
          each -> value.addRange(Value.Range.newBuilder().setBegin(each.begin).setEnd(each.end)));
      return List.of(identity.toBuilder().setRanges(value).build());
    }
  }

  /** Named items. */
  record Items(TreeSet<String> items) implements Quantity {
    @Override
    public Quantity plus(Quantity other) {
      TreeSet<String> all = new TreeSet<>(items);
      all.addAll(((Items) other).items);
      return new Items(all);
    }

    @Override
    public Quantity minus(Quantity other) {
      TreeSet<String> left = new TreeSet<>(items);
      left.removeAll(((Items) other).items);
      return left.isEmpty() ? null : new Items(left);
    }

    @Override
    public boolean contains(Quantity other) {
      return items.containsAll(((Items) other).items);
    }

    @Override
    public List<Resource> on(Resource identity) {
      return List.of(identity.toBuilder().setSet(Value.Set.newBuilder().addAllItem(items)).build());
    }
  }

  /** Things that exist as a whole: volumes, MOUNT disks. Their size is part of the identity. */
  record Copies(int count) implements Quantity {
    @Override
    public Quantity plus(Quantity other) {
      return new Copies(Math.addExact(count, ((Copies) other).count));
    }

    @Override
    public Quantity minus(Quantity other) {
      int left = count - ((Copies) other).count;
      return left == 0 ? null : new Copies(left);
    }

    @Override
    public boolean contains(Quantity other) {
      return count >= ((Copies) other).count;
    }

    @Override
    public List<Resource> on(Resource identity) {
      return java.util.Collections.nCopies(count, identity);
    }
  }
}
