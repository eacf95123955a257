package io.quorate.master.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.event.Entry;
import io.quorate.master.event.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LogCorpusTest {
  static List<Path> logs() throws IOException {
    try (Stream<Path> files = Files.list(LogCorpus.LOGS)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("logs")
  @DisplayName("a recorded log gives the states that the release which recorded it had")
  void shouldComeToTheSameStates(Path log) throws IOException {
    // given
    List<Entry> entries = LogCorpus.read(log);
    List<String> recorded =
        Files.readAllLines(Path.of(log.toString().replaceAll("log$", "digests")));
    // when
    List<String> digests = LogCorpus.digests(entries);
    // then
    assertThat(digests)
        .as("the meaning of a stored event has changed: make it a new event instead")
        .isNotEmpty()
        .isEqualTo(recorded);
  }

  @Test
  @DisplayName("every event has a sample in the recorded logs")
  void shouldHaveASampleOfEveryEvent() throws IOException {
    // given
    Set<Event.WhatCase> missing = LogCorpus.events();
    // when
    for (Path log : logs()) {
      for (Entry entry : LogCorpus.read(log)) {
        entry
            .getRecordsList()
            .forEach(
                record ->
                    record.getEventsList().forEach(event -> missing.remove(event.getWhatCase())));
      }
    }
    // then
    assertThat(missing)
        .as("a new event needs a sample: record a log with it in a new folder, by LogCorpus")
        .isEmpty();
  }
}
