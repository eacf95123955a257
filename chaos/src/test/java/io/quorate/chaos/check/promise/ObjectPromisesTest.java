package io.quorate.chaos.check.promise;

import static io.quorate.chaos.check.promise.Case.broken;
import static io.quorate.chaos.check.promise.Case.kept;
import static io.quorate.chaos.check.promise.Case.unknown;

import io.quorate.chaos.check.model.GrowingSet;
import io.quorate.chaos.check.model.Linearizability;
import io.quorate.chaos.check.model.Register;
import io.quorate.chaos.check.verdict.Promise;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Registers and sets of clients: in order, and broken in the ways that matter. */
class ObjectPromisesTest {
  private static final Promise REGISTER =
      new Linearizable("a register", new Register(), Linearizability.Budget.USUAL, "write", "read");
  private static final Promise SET =
      new Linearizable("a set", new GrowingSet(), Linearizability.Budget.USUAL, "add", "read");

  static Stream<Case> cases() {
    return Stream.of(impossibleReads(), possibleReads(), sets()).flatMap(List::stream);
  }

  private static Story written() {
    return new Story().done("client0", "write", "x", "1").done("client0", "write", "x", "2");
  }

  private static List<Case> impossibleReads() {
    return List.of(
        broken(
            REGISTER,
            "a stale read",
            written().done("client0", "write", "y", "7").read("client1", "x", "1"),
            "x: no order",
            "client0 write 1",
            "client0 write 2",
            "client1 read",
            "gave 1"),
        broken(
            REGISTER,
            "a lost write",
            new Story().done("client0", "write", "x", "1").read("client1", "x", "null"),
            "client0 write 1"),
        broken(
            REGISTER, "a value that nobody wrote", written().read("client1", "x", "9"), "gave 9"),
        broken(
            REGISTER,
            "a write that failed is read",
            new Story()
                .invoke("client0", "write", "x", "1")
                .fail("client0", "write", "x")
                .read("client1", "x", "1"),
            "gave 1"),
        broken(
            REGISTER,
            "a write of unknown outcome is read before its call",
            new Story()
                .read("client1", "x", "1")
                .invoke("client0", "write", "x", "1")
                .info("client0", "write", "x"),
            "gave 1"),
        broken(
            REGISTER,
            "two readers disagree on the order of two writes",
            new Story()
                .invoke("client0", "write", "x", "1")
                .invoke("client1", "write", "x", "2")
                .read("client2", "x", "1")
                .read("client2", "x", "2")
                .read("client3", "x", "1")
                .ok("client0", "write", "x", "null")
                .ok("client1", "write", "x", "null"),
            "client2 read",
            "client3 read"));
  }

  private static List<Case> possibleReads() {
    return List.of(
        kept(REGISTER, "1 is 1.0", new Story().done("a", "write", "x", "1").read("b", "x", "1.0")),
        kept(
            REGISTER,
            "a write of unknown outcome takes effect late",
            new Story()
                .invoke("client0", "write", "x", "1")
                .info("client0", "write", "x")
                .done("client1", "write", "x", "2")
                .read("client1", "x", "2")
                .read("client1", "x", "1")),
        kept(
            REGISTER,
            "a write that never returned is read",
            new Story().invoke("client0", "write", "x", "1").read("client1", "x", "1")),
        unknown(REGISTER, "nothing was read", written(), "nothing happened"),
        unknown(
            new Linearizable(
                "a register", new Register(), new Linearizability.Budget(1, 1000), "write", "read"),
            "no time to search",
            written().read("client1", "x", "2"),
            "no order found, and none excluded"));
  }

  private static List<Case> sets() {
    return List.of(
        broken(
            SET,
            "an element is lost",
            new Story()
                .done("client0", "add", "set", "1")
                .done("client0", "add", "set", "2")
                .done("client0", "add", "set", "3")
                .read("client1", "set", "[1,3]"),
            "client0 add 2",
            "gave []"),
        broken(
            SET,
            "an element comes and goes",
            new Story()
                .invoke("client0", "add", "set", "1")
                .info("client0", "add", "set")
                .read("client1", "set", "[1]")
                .read("client1", "set", "[]"),
            "client0 add 1",
            "gave [1]",
            "gave []"),
        broken(
            SET,
            "an element from nowhere",
            new Story().done("client0", "add", "set", "1").read("client1", "set", "[1,2]"),
            "gave"),
        kept(
            SET,
            "any order, and one of unknown outcome",
            new Story()
                .invoke("client0", "add", "set", "3")
                .info("client0", "add", "set")
                .done("client0", "add", "set", "1")
                .done("client0", "add", "set", "2")
                .read("client1", "set", "[2,1]")
                .read("client1", "set", "[3,2,1]")),
        unknown(
            SET,
            "nothing was read",
            new Story().done("client0", "add", "set", "1"),
            "nothing happened"));
  }

  @ParameterizedTest
  @MethodSource("cases")
  @DisplayName("A promise is kept or broken")
  void shouldJudge(Case example) {
    example.check();
  }
}
