package io.quorate.chaos.simulate;

import java.util.List;

/** What befalls the masters and the network between them; each ends by itself. */
final class Faults {
  private final World world;
  private final SimulatedQuorum quorum;

  Faults(World world, SimulatedQuorum quorum) {
    this.world = world;
    this.quorum = quorum;
  }

  private static long seconds(int choice) {
    return (1 + choice % 8) * World.SECOND;
  }

  private void note(SimulatedMember member, String what) {
    world.note("member " + member.number() + " " + what);
  }

  /** Its patience is over at once, whatever it hears. */
  void elect(SimulatedMember member) {
    if (member.node() != null) {
      member.node().process().run(member.node().election()::stand);
    }
  }

  // -- Processes and disks ----------------------------------------------------------------------

  void kill(SimulatedMember member, int choice) {
    note(member, "is killed");
    member.kill();
    world.after(seconds(choice), member::start);
  }

  // -- The network ------------------------------------------------------------------------------

  void cutOff(SimulatedMember member, int choice) {
    note(member, "is cut off");
    quorum.network().cutOff(List.of(member.id()), quorum.ids());
    world.after(seconds(choice), () -> quorum.network().heal(member.id()));
  }
}
