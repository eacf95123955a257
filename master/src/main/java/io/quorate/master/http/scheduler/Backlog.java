package io.quorate.master.http.scheduler;

import io.quorate.master.effect.Missed;
import io.quorate.master.state.id.FrameworkId;
import java.util.Optional;

/** Reads from the history what a framework missed. It may block, and any thread may call it. */
public interface Backlog {

  /**
   * Returns what a framework missed in the entries after one up to another.
   *
   * @param bytesMax of the events that it missed
   * @return empty if history does not reach that far, or there is more than that
   */
  Optional<Missed> missed(FrameworkId framework, long after, long upTo, long bytesMax);
}
