package io.quorate.agent;

import io.quorate.agent.store.AgentJournal;
import io.quorate.agent.store.record.JournalRecord;
import java.util.ArrayList;
import java.util.List;

/** A journal in memory. A crash loses what was not synced. */
final class MemoryJournal implements AgentJournal {
  private final List<JournalRecord> records = new ArrayList<>();
  private int safe;
  private int compactions;

  @Override
  public List<JournalRecord> read() {
    return List.copyOf(records);
  }

  @Override
  public void replace(List<JournalRecord> anew) {
    records.clear();
    records.addAll(anew);
    safe = records.size();
    compactions++;
  }

  @Override
  public void append(JournalRecord record) {
    records.add(record);
  }

  @Override
  public long bytes() {
    return records.stream().mapToLong(JournalRecord::getSerializedSize).sum();
  }

  @Override
  public void sync() {
    safe = records.size();
  }

  /** Power fails. */
  void crash() {
    records.subList(safe, records.size()).clear();
  }

  /** How often it was written anew. */
  int compactions() {
    return compactions;
  }

  List<JournalRecord> records() {
    return List.copyOf(records);
  }
}
