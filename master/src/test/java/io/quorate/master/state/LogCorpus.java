package io.quorate.master.state;

import io.quorate.master.apply.Apply;
import io.quorate.master.event.Entry;
import io.quorate.master.event.Event;
import io.quorate.master.event.Record;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * The logs that a release recorded for all later ones: entries, and the digest of all rows after
 * every tenth of them. A release that comes to another digest has changed what a stored event
 * means.
 *
 * <p>Its main method records logs in which every event occurs. Logs of a release are recorded once,
 * before it is made, and never again; what a later release adds goes into a folder of its own. The
 * events come from {@link ArbitraryStates}, in an order that a leader would not choose.
 */
public final class LogCorpus {
  /** The logs of this release, from the folder of the module. */
  static final Path LOGS = Path.of("src/test/resources/logs/0.1");

  /** How many entries are between two digests. */
  static final int DIGEST_EVERY = 10;

  private static final int LOGS_MIN = 4;
  private static final int ENTRIES = 80;
  private static final int EVENT_BYTES_MAX = 1500;
  private static final long SECOND = 1_000_000_000L;

  private LogCorpus() {}

  /**
   * Records logs into the folder that is given, or into {@link #LOGS}: run it on the test class
   * path in the folder {@code master}, without arguments.
   */
  public static void main(String[] args) throws IOException {
    Path folder = args.length == 0 ? LOGS : Path.of(args[0]);
    Files.createDirectories(folder);
    Set<Event.WhatCase> missing = events();
    for (int seed = 0; seed < LOGS_MIN || !missing.isEmpty(); seed++) {
      List<Entry> entries = entries(seed, missing);
      try (OutputStream log = Files.newOutputStream(folder.resolve(seed + ".log"))) {
        for (Entry entry : entries) {
          entry.writeDelimitedTo(log);
        }
      }
      Files.write(folder.resolve(seed + ".digests"), digests(entries));
    }
  }

  /** Every event that this release knows. */
  static Set<Event.WhatCase> events() {
    Set<Event.WhatCase> events = EnumSet.allOf(Event.WhatCase.class);
    events.remove(Event.WhatCase.WHAT_NOT_SET);
    return events;
  }

  private static List<Entry> entries(long seed, Set<Event.WhatCase> missing) {
    Random random = new Random(seed);
    ArbitraryStates states = new ArbitraryStates(seed);
    List<Entry> entries = new ArrayList<>();
    long time = SECOND;
    for (Event first : ArbitraryStates.beginning()) {
      entries.add(entry(time, List.of(first)));
    }
    while (entries.size() < ENTRIES) {
      time += random.nextInt(10) * SECOND;
      List<Event> events = new ArrayList<>();
      for (int number = random.nextInt(3); number >= 0; number--) {
        Event event = states.event();
        if (event.getSerializedSize() <= EVENT_BYTES_MAX) {
          events.add(event);
          missing.remove(event.getWhatCase());
        }
      }
      entries.add(entry(time, events));
    }
    return entries;
  }

  private static Entry entry(long time, List<Event> events) {
    return Entry.newBuilder()
        .setFormatVersion(1)
        .setFeatureLevel(1)
        .setTimeNanos(time)
        .addRecords(Record.newBuilder().addAllEvents(events))
        .build();
  }

  /** The entries of a log. */
  static List<Entry> read(Path log) throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (InputStream in = Files.newInputStream(log)) {
      for (Entry entry = Entry.parseDelimitedFrom(in);
          entry != null;
          entry = Entry.parseDelimitedFrom(in)) {
        entries.add(entry);
      }
    }
    return entries;
  }

  /** Replays the entries: the digest of all rows after every so many of them. */
  static List<String> digests(List<Entry> entries) {
    List<String> digests = new ArrayList<>();
    StoredRows rows = new StoredRows();
    MasterState state = MasterState.EMPTY;
    for (int index = 0; index < entries.size(); index++) {
      state = state.at(entries.get(index).getTimeNanos());
      for (Record record : entries.get(index).getRecordsList()) {
        for (Event event : record.getEventsList()) {
          state = Apply.apply(state, event);
        }
      }
      state = rows.store(state);
      if ((index + 1) % DIGEST_EVERY == 0) {
        digests.add(rows.digest());
      }
    }
    return digests;
  }
}
