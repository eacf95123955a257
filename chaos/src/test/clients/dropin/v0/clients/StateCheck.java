package clients;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.mesos.Log;
import org.apache.mesos.MesosNativeLibrary;
import org.apache.mesos.state.InMemoryState;
import org.apache.mesos.state.LevelDBState;
import org.apache.mesos.state.LogState;
import org.apache.mesos.state.State;
import org.apache.mesos.state.Variable;
import org.apache.mesos.state.ZooKeeperState;

/**
 * Uses every kind of state, then counts in one variable from two of them at once. It knows nothing
 * of Quorate.
 *
 * <p>usage: StateCheck SERVERS DIRECTORY TIMES
 */
public final class StateCheck {
  private static final String COUNTER = "counter of both";

  private StateCheck() {}

  public static void main(String[] args) throws Exception {
    MesosNativeLibrary.load();
    use("InMemoryState", new InMemoryState());
    use("LevelDBState", new LevelDBState(args[1]));
    use("ZooKeeperState", zooKeeper(args[0], "/state/of/check"));
    use("LogState", new LogState(args[0], 10, TimeUnit.SECONDS, "/log", 2, args[1] + "/log"));

    log(args[0]);

    int times = Integer.parseInt(args[2]);
    AtomicInteger counted = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      State state = zooKeeper(args[0], "/counted");
      Thread thread = new Thread(() -> count(state, times, counted));
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    byte[] last = zooKeeper(args[0], "/counted").fetch(COUNTER).get().value();
    System.out.println("counted " + counted + " and found " + text(last));
    System.exit(0);
  }

  private static void log(String servers) throws Exception {
    String znode = "/log/" + UUID.randomUUID();
    Log log = new Log(2, "/unused", servers, 10, TimeUnit.SECONDS, znode);
    Log.Reader reader = new Log.Reader(log);
    Log.Writer first = new Log.Writer(log, 20, TimeUnit.SECONDS, 3);
    Log.Position one = first.append(bytes("one"), 20, TimeUnit.SECONDS);
    Log.Position two = first.append(bytes("two"), 20, TimeUnit.SECONDS);
    check(one.compareTo(two) < 0, "positions are in order");
    check(log.position(two.identity()).equals(two), "a position has an identity");
    Log.Writer second = new Log.Writer(log, 20, TimeUnit.SECONDS, 3);
    try {
      first.append(bytes("late"), 20, TimeUnit.SECONDS);
      throw new AssertionError("a writer appends after another one took over");
    } catch (Log.WriterFailedException e) {
      second.append(bytes("three"), 20, TimeUnit.SECONDS);
    }
    StringBuilder read = new StringBuilder();
    for (Log.Entry entry : reader.read(reader.beginning(), reader.ending(), 20, TimeUnit.SECONDS)) {
      read.append(text(entry.data)).append(' ');
    }
    check(read.toString().equals("one two three "), "all is read that was appended: " + read);
    second.truncate(two, 20, TimeUnit.SECONDS);
    check(reader.beginning().equals(two), "what is truncated is gone");
    try {
      reader.read(one, two, 20, TimeUnit.SECONDS);
      throw new AssertionError("what is truncated is read");
    } catch (Log.OperationFailedException e) {
      System.out.println("used Log");
    }
  }

  private static State zooKeeper(String servers, String znode) {
    return new ZooKeeperState(servers, 10, TimeUnit.SECONDS, znode);
  }

  private static void count(State state, int times, AtomicInteger counted) {
    try {
      for (int i = 0; i < times; ) {
        Variable before = state.fetch(COUNTER).get();
        int value = before.value().length == 0 ? 0 : Integer.parseInt(text(before.value()));
        if (state.store(before.mutate(bytes("" + (value + 1)))).get() != null) {
          System.out.println("at " + counted.incrementAndGet());
          i++;
        }
      }
    } catch (Exception e) {
      e.printStackTrace();
      System.exit(1);
    }
  }

  private static void use(String kind, State state) throws Exception {
    Variable first = state.fetch("a b/c").get();
    check(first.value().length == 0, "a variable that was never stored is empty");
    Variable one = state.store(first.mutate(bytes("one"))).get();
    check(text(one.value()).equals("one"), "a store gives what was stored");
    check(state.store(first.mutate(bytes("late"))).get() == null, "a late store gives null");
    Variable fetched = state.fetch("a b/c").get(10, TimeUnit.SECONDS);
    check(text(fetched.value()).equals("one"), "a late store changes nothing");
    Variable two = state.store(fetched.mutate(bytes("two"))).get();
    check(two != null, "what was fetched can be stored");
    Variable three = state.store(two.mutate(new byte[0])).get();
    check(three != null && three.value().length == 0, "a value may be empty again");
    check(state.store(state.fetch("b").get().mutate(bytes("x"))).get() != null, "a second one");
    check(names(state).contains("a b/c") && names(state).contains("b"), "both have names");
    check(!state.expunge(one).get(), "a late expunge gives false");
    check(state.expunge(three).get(), "an expunge gives true");
    check(!names(state).contains("a b/c"), "what is expunged has no name");
    check(state.store(three.mutate(bytes("x"))).get() == null, "nor comes back");
    System.out.println("used " + kind);
  }

  private static TreeSet<String> names(State state) throws Exception {
    TreeSet<String> names = new TreeSet<>();
    for (Iterator<String> all = state.names().get(); all.hasNext(); ) {
      names.add(all.next());
    }
    return names;
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new AssertionError("it does not hold that " + what);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
