package io.quorate.protocol.resources;

import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * These are whole numbers in disjoint, ascending, non-adjacent ranges (CP-095). All operations walk
 * both lists once.
 */
record Ranges(List<Range> ranges) implements Quantity {

  /** Both ends included; never negative. */
  record Range(long begin, long end) {}

  /** Returns the ranges of a resource, coalesced. */
  static Ranges of(Resource resource) {
    List<Range> ranges = new ArrayList<>(resource.getRanges().getRangeCount());
    for (Value.Range range : resource.getRanges().getRangeList()) {
      // A negative long is an unsigned value beyond what is counted with.
      if (range.getBegin() < 0 || range.getEnd() < range.getBegin()) {
        throw new IllegalArgumentException(
            "resource '" + resource.getName() + "': no range is " + ResourceValidation.text(range));
      }
      ranges.add(new Range(range.getBegin(), range.getEnd()));
    }
    return coalesced(ranges);
  }

  private static Ranges coalesced(List<Range> ranges) {
    ranges.sort(Comparator.comparingLong(Range::begin));
    List<Range> merged = new ArrayList<>(ranges.size());
    for (Range range : ranges) {
      int last = merged.size() - 1;
      if (last >= 0 && range.begin - 1 <= merged.get(last).end) {
        Range before = merged.get(last);
        merged.set(last, new Range(before.begin, Math.max(before.end, range.end)));
      } else {
        merged.add(range);
      }
    }
    return new Ranges(List.copyOf(merged));
  }

  @Override
  public Quantity plus(Quantity other) {
    List<Range> all = new ArrayList<>(ranges);
    all.addAll(((Ranges) other).ranges);
    return coalesced(all);
  }

  @Override
  public Optional<Quantity> minus(Quantity other) {
    List<Range> taken = ((Ranges) other).ranges;
    List<Range> left = new ArrayList<>();
    int next = 0;
    for (Range mine : ranges) {
      long begin = mine.begin;
      boolean more = true;
      while (next < taken.size() && taken.get(next).end < begin) {
        next++;
      }
      while (more && next < taken.size() && taken.get(next).begin <= mine.end) {
        Range cut = taken.get(next);
        if (begin < cut.begin) {
          left.add(new Range(begin, cut.begin - 1));
        }
        more = cut.end < mine.end;
        if (more) {
          begin = cut.end + 1;
          next++;
        }
      }
      if (more) {
        left.add(new Range(begin, mine.end));
      }
    }
    return left.isEmpty() ? Optional.empty() : Optional.of(new Ranges(List.copyOf(left)));
  }

  @Override
  public boolean overlaps(Quantity other) {
    List<Range> others = ((Ranges) other).ranges;
    int at = 0;
    for (Range mine : ranges) {
      while (at < others.size() && others.get(at).end < mine.begin) {
        at++;
      }
      if (at < others.size() && others.get(at).begin <= mine.end) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean contains(Quantity other) {
    int at = 0;
    for (Range part : ((Ranges) other).ranges) {
      while (at < ranges.size() && ranges.get(at).end < part.begin) {
        at++;
      }
      if (at == ranges.size()
          || ranges.get(at).begin > part.begin
          || ranges.get(at).end < part.end) {
        return false;
      }
    }
    return true;
  }

  @Override
  public List<Resource> on(Resource prototype) {
    Value.Ranges.Builder value = Value.Ranges.newBuilder();
    ranges.forEach(
        range -> value.addRange(Value.Range.newBuilder().setBegin(range.begin).setEnd(range.end)));
    return List.of(prototype.toBuilder().setRanges(value).build());
  }
}
