package io.quorate.log.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.log.MemberProgress;
import io.quorate.log.MembershipException;
import io.quorate.log.NotLeaderException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changing who is in the quorum and who leads it. */
class MembershipTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  private Quorum started(int size) throws IOException {
    Quorum quorum = new Quorum(directory, size, Duration.ofSeconds(1));
    quorum.startAll();
    awaitAnswers(quorum.leader());
    return quorum;
  }

  private static void awaitAnswers(Quorum.Member member) {
    await("every member answers")
        .atMost(LONG)
        .until(
            () ->
                member.log.progress().get(10, TimeUnit.SECONDS).stream()
                    .allMatch(progress -> progress.appliedIndex().isPresent()));
  }

  private static void change(Quorum.Member leader, List<String> members) throws Exception {
    leader.log.changeMembers(members).get(60, TimeUnit.SECONDS);
  }

  private static List<String> plus(List<String> members, String added) {
    List<String> all = new ArrayList<>(members);
    all.add(added);
    return all;
  }

  private static List<String> without(List<String> members, String removed) {
    return members.stream().filter(member -> !member.equals(removed)).toList();
  }

  private static String follower(Quorum quorum) {
    String leader = quorum.leader().log.status().member();
    return without(List.copyOf(quorum.members.keySet()), leader).get(0);
  }

  @Test
  @DisplayName("a blank member waits, stands for nothing, and gets the whole log once it is added")
  void shouldJoinByLog() throws Exception {
    try (Quorum quorum = started(3)) {
      String added = Quorum.freeAddresses(1).get(0);
      Quorum.Member blank = quorum.start(added, LogOptions::joining);
      for (int i = 0; i < 20; i++) {
        quorum.leader().append("word" + i);
      }
      assertThat(blank.log.status().term()).isZero();
      assertThat(blank.log.status().members()).isEmpty();
      assertThat(blank.words).isEmpty();

      Quorum.Member leader = quorum.leader();
      change(leader, plus(quorum.addresses, added));

      await("its words").atMost(LONG).until(() -> blank.words.equals(leader.words));
      assertThat(blank.applied).hasSize(20);
      assertThat(leader.log.status().members()).hasSize(4).contains(added);
      await("it is told").atMost(LONG).until(() -> blank.log.status().members().size() == 4);
      awaitAnswers(leader);
      assertThat(leader.log.progress().join())
          .extracting(MemberProgress::member)
          .containsExactlyInAnyOrderElementsOf(plus(quorum.addresses, added));
    }
  }

  @Test
  @DisplayName("a member that is dead is replaced by a blank one; then another may be lost")
  void shouldReplaceTheDead() throws Exception {
    try (Quorum quorum = started(3)) {
      quorum.leader().append("one");
      String dead = follower(quorum);
      quorum.members.remove(dead).log.vanish();
      String added = Quorum.freeAddresses(1).get(0);
      quorum.start(added, LogOptions::joining);
      List<String> wanted = plus(without(quorum.addresses, dead), added);
      change(quorum.leader(), wanted);
      quorum.leader().append("two");

      String old = quorum.leader().log.status().member();
      quorum.members.remove(old).log.vanish();
      Quorum.Member next = quorum.leader();
      next.append("three");
      assertThat(next.words).containsKeys("one", "two", "three");
      assertThat(next.log.status().members()).containsExactlyInAnyOrderElementsOf(wanted);
    }
  }

  @Test
  @DisplayName("what the log says of the members counts, not what a member is started with")
  void shouldKeepTheChangeOverARestart() throws Exception {
    try (Quorum quorum = started(3)) {
      String removed = follower(quorum);
      List<String> wanted = without(quorum.addresses, removed);
      change(quorum.leader(), wanted);
      quorum.stop(removed);
      for (String address : wanted) {
        quorum.stop(address);
      }
      // Alone it hears of no leader and applies nothing, and knows all the same.
      assertThat(quorum.start(wanted.get(0)).log.status().members())
          .containsExactlyInAnyOrderElementsOf(wanted);
      quorum.start(wanted.get(1));
      quorum.leader().append("again");
      for (String address : wanted) {
        assertThat(quorum.members.get(address).log.status().members())
            .containsExactlyInAnyOrderElementsOf(wanted);
      }
    }
  }

  @Test
  @DisplayName("a member that was removed disturbs nobody, though it was never told")
  void shouldNotBeDisturbed() throws Exception {
    try (Quorum quorum = started(3)) {
      String removed = follower(quorum);
      quorum.stop(removed);
      change(quorum.leader(), without(quorum.addresses, removed));
      Quorum.Member leader = quorum.leader();
      long term = leader.term;

      // It believes in the old three, and finds nobody who leads it.
      Quorum.Member back = quorum.start(removed);
      await("it asks for votes for two time-outs")
          .pollDelay(Duration.ofSeconds(3))
          .atMost(LONG)
          .until(() -> back.log.status().leader() == null);
      leader.append("undisturbed");
      assertThat(leader.term).isEqualTo(term);
      assertThat(back.term).isZero();
      assertThat(back.words).doesNotContainKey("undisturbed");
    }
  }

  @Test
  @DisplayName("a leader that is removed hands over first, and the next one removes it")
  void shouldRemoveTheLeader() throws Exception {
    try (Quorum quorum = started(3)) {
      quorum.leader().append("one");
      Quorum.Member old = quorum.leader();
      String address = old.log.status().member();
      List<String> wanted = without(quorum.addresses, address);
      assertThatThrownBy(() -> change(old, wanted)).hasCauseInstanceOf(NotLeaderException.class);
      await("it follows").atMost(LONG).until(() -> old.term == 0);
      assertThat(old.log.status().members()).hasSize(3);

      Quorum.Member next = quorum.leader();
      assertThat(next).isNotSameAs(old);
      awaitAnswers(next);
      change(next, wanted);
      next.append("two");
      assertThat(next.log.status().members()).containsExactlyInAnyOrderElementsOf(wanted);
    }
  }

  @Test
  @DisplayName("a change that would lose the quorum is refused, and nothing is changed")
  void shouldRefuseToLoseTheQuorum() throws Exception {
    try (Quorum quorum = started(3)) {
      String leader = quorum.leader().log.status().member();
      List<String> followers = without(quorum.addresses, leader);
      quorum.members.remove(followers.get(0)).log.vanish();
      assertRefused(quorum, List.of(), "without members");
      assertRefused(quorum, List.of(leader, followers.get(0)), "only 1 answer and keep up");
      String silent = Quorum.freeAddresses(1).get(0);
      assertRefused(quorum, plus(quorum.addresses, silent), "does not answer");
      quorum.leader().append("as before");
      assertThat(quorum.leader().log.status().members()).hasSize(3);
    }
  }

  private static void assertRefused(Quorum quorum, List<String> members, String why) {
    assertThatThrownBy(() -> change(quorum.leader(), members))
        .hasCauseInstanceOf(MembershipException.class)
        .hasMessageContaining(why);
  }

  @Test
  @DisplayName("new members that are started as first ones of a quorum that exists do not start")
  void shouldNotBeginASecondQuorum() throws Exception {
    try (Quorum quorum = started(3)) {
      quorum.leader().append("one");
      List<String> added = Quorum.freeAddresses(2);
      List<String> wrong = plus(added, follower(quorum));
      for (String address : added) {
        assertThatThrownBy(() -> quorum.start(address, options -> options.first(wrong)))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("there is a quorum of")
            .hasMessageContaining("--join");
      }
      assertThatThrownBy(() -> quorum.start(added.get(0)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is not among the first members");
      // Nothing of that is left in its directory.
      Quorum.Member blank = quorum.start(added.get(0), LogOptions::joining);
      change(quorum.leader(), plus(quorum.addresses, added.get(0)));
      await("its word").atMost(LONG).until(() -> blank.words.containsKey("one"));
    }
  }

  @Test
  @DisplayName("of two changes at once one is refused")
  void shouldRefuseTheSecond() throws Exception {
    try (Quorum quorum = started(1)) {
      List<String> added = Quorum.freeAddresses(2);
      for (String address : added) {
        quorum.start(address, LogOptions::joining);
      }
      Quorum.Member leader = quorum.leader();
      CompletableFuture<Void> one =
          leader.log.changeMembers(List.of(quorum.addresses.get(0), added.get(0)));
      CompletableFuture<Void> two =
          leader.log.changeMembers(List.of(quorum.addresses.get(0), added.get(1)));
      assertThatThrownBy(() -> two.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(MembershipException.class)
          .hasMessageContaining("another change");
      one.get(60, TimeUnit.SECONDS);
      assertThat(leader.log.status().members()).contains(added.get(0)).doesNotContain(added.get(1));
    }
  }

  @Test
  @DisplayName("the lead goes to the member that is named; a dead one does not get it")
  void shouldTransfer() throws Exception {
    try (Quorum quorum = started(3)) {
      Quorum.Member old = quorum.leader();
      String heir = follower(quorum);
      old.log.transferLeadership(heir).get(60, TimeUnit.SECONDS);
      await("it leads").atMost(LONG).until(() -> quorum.members.get(heir).term != 0);
      assertThatThrownBy(() -> old.log.transferLeadership(null).get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(NotLeaderException.class);

      Quorum.Member leader = quorum.members.get(heir);
      String dead = without(quorum.addresses, heir).get(0);
      quorum.members.remove(dead).log.vanish();
      assertThatThrownBy(() -> leader.log.transferLeadership(dead).get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(MembershipException.class);
      await("it leads on").atMost(LONG).until(() -> leader.term != 0);
      assertThat(leader.append("on").index()).isPositive();
    }
  }
}
