package io.quorate.log.raft;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionException;

/**
 * A member alone in its own process, to be killed: says {@code leads}, then appends words for ever
 * and says each that was acknowledged, one a line.
 */
final class ChildMember {
  private ChildMember() {}

  /** Its arguments are the directory and the address. */
  public static void main(String[] arguments) throws Exception {
    String address = arguments[1];
    Quorum.Member member = new Quorum.Member();
    member.log =
        RaftLog.open(
            LogOptions.of(
                Path.of(arguments[0]), address, List.of(address), Quorum.SECRET, List.of("words")),
            member,
            member);
    while (member.term == 0) {
      Thread.onSpinWait();
    }
    System.out.println("leads");
    for (int i = 0; ; i++) {
      String word = "word" + i;
      try {
        member.log.append(member.term, word.getBytes(StandardCharsets.UTF_8)).join();
      } catch (CompletionException e) {
        System.exit(1);
      }
      System.out.println(word);
    }
  }
}
