package io.quorate.log.raft;

import io.quorate.log.Position;
import io.quorate.log.journal.Journal;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal beside the log. It is never the truth: whatever fails in it is told once, and the log
 * goes on without it. Apply thread only.
 */
final class History implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(History.class);

  private Journal journal;

  History(LogOptions options) {
    try {
      journal = new Journal(options.directory().resolve("journal"), options.journal());
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  void append(Position position, byte[] payload) {
    if (journal != null) {
      try {
        journal.append(position, payload);
      } catch (RuntimeException e) {
        failed(e);
      }
    }
  }

  void skipTo(long index) {
    if (journal != null) {
      try {
        journal.skipTo(index);
      } catch (RuntimeException e) {
        failed(e);
      }
    }
  }

  private void failed(Exception e) {
    LOG.error(
        "The journal failed and is off until the next start; the log goes on. To rebuild it, stop"
            + " this member, delete its folder 'journal' and start it again",
        e);
    journal = null;
  }

  @Override
  public void close() {
    if (journal != null) {
      journal.close();
    }
  }
}
