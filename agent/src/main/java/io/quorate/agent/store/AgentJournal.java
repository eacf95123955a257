package io.quorate.agent.store;

import io.quorate.agent.store.record.JournalRecord;
import java.io.IOException;
import java.util.List;

/** What an agent must not forget, one record after another. */
public interface AgentJournal {
  /** Returns all records so far, in order. It is called once, before the first append. */
  List<JournalRecord> read() throws IOException;

  /** Writes the journal anew with just these records. */
  void replace(List<JournalRecord> records) throws IOException;

  /** Appends a record; it is safe only after {@link #sync}. */
  void append(JournalRecord record) throws IOException;

  /** How large the journal is, in bytes. */
  long bytes();

  /** Returns when everything appended is on the disk. */
  void sync() throws IOException;
}
