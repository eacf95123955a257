package io.quorate.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Reads the byte code of one class and lists all in it that pure code must not have: clock, chance,
 * the machine, threads, logging, collections without an order, and in exact code also calculation
 * with floating point numbers.
 *
 * <p>Byte code is read, and not the source, because nothing escapes there: a lambda's body is a
 * method, a method reference a handle, and nested and anonymous classes are classes like any other.
 */
final class PurityFence extends ClassVisitor {
  private static final int API = Opcodes.ASM9;

  private static final String WORLD =
      "let the loop or the rim do it, and pass the result in as a value";
  private static final String TIME = "take the time from the state or from the call";
  private static final String CHANCE = "take ids from the counters of the state";
  private static final String THREADS = "the caller's thread owns all of it: no lock, no hand-over";
  private static final String ORDER =
      "the order differs from run to run: use List.of, EnumSet, a TreeMap or a LinkedHashMap";
  private static final String EXACT =
      "calculate with longs in thousandths, and convert a message's double by the one conversion"
          + " of protocol.resources";

  private static final String WRITING = "Java writes them differently since 19: write thousandths";

  /** What may not even be mentioned, by the start of its name. */
  private static final Map<String, String> TYPES =
      Map.ofEntries(
          Map.entry("java/io/", WORLD),
          Map.entry("java/net/", WORLD),
          Map.entry("java/nio/file/", WORLD),
          Map.entry("java/nio/channels/", WORLD),
          Map.entry("java/lang/Process", WORLD),
          Map.entry("java/lang/Runtime", WORLD),
          Map.entry("java/lang/reflect/", WORLD),
          Map.entry("java/lang/System$Logger", WORLD),
          Map.entry("java/util/logging/", WORLD),
          Map.entry("org/slf4j/", WORLD),
          Map.entry("org/apache/logging/", WORLD),
          Map.entry("io/vertx/", WORLD),
          Map.entry("io/netty/", WORLD),
          Map.entry("org/rocksdb/", WORLD),
          Map.entry("com/alipay/", WORLD),
          Map.entry("io/quorate/log/raft/", WORLD),
          Map.entry("io/quorate/log/transport/", WORLD),
          Map.entry("java/time/Clock", TIME),
          Map.entry("java/time/InstantSource", TIME),
          Map.entry("java/util/Timer", TIME),
          Map.entry("java/util/Random", CHANCE),
          Map.entry("java/util/SplittableRandom", CHANCE),
          Map.entry("java/security/SecureRandom", CHANCE),
          Map.entry("java/util/concurrent/", THREADS),
          Map.entry("java/lang/Thread", THREADS));

  /** What is harmless for all that; of TimeUnit the conversions, which are arithmetic. */
  private static final List<String> MENTIONABLE =
      List.of(
          "java/io/Serializable", "java/lang/RuntimeException", "java/util/concurrent/TimeUnit");

  /** What may not be called, as owner, name and descriptor. */
  private static final List<Call> CALLS =
      List.of(
          new Call("java/time/\\w+\\.now\\(.*", TIME),
          new Call("java/lang/System\\.(nanoTime|currentTimeMillis)\\(.*", TIME),
          new Call("java/util/UUID\\.randomUUID\\(.*", CHANCE),
          new Call("java/lang/(Strict)?Math\\.random\\(.*", CHANCE),
          new Call("java/lang/System\\.identityHashCode\\(.*", CHANCE),
          new Call("java/util/Collections\\.shuffle\\(.*", CHANCE),
          new Call("java/lang/System\\.(getenv|getProperty|getProperties|exit)\\(.*", WORLD),
          new Call("java/util/(Locale|TimeZone)\\.getDefault\\(.*", WORLD),
          new Call("java/time/ZoneId\\.systemDefault\\(.*", WORLD),
          new Call("java/nio/charset/Charset\\.defaultCharset\\(.*", WORLD),
          new Call("java/lang/String\\.(getBytes|toLowerCase|toUpperCase)\\(\\).*", WORLD),
          new Call("java/lang/String\\.<init>\\(\\[B\\)V", WORLD),
          new Call("java/lang/Object\\.(wait|notify|notifyAll)\\(.*", THREADS),
          new Call("java/util/concurrent/TimeUnit\\.(sleep|timedJoin|timedWait)\\(.*", THREADS),
          new Call("java/util/Collection\\.parallelStream\\(.*", THREADS),
          new Call("java/util/stream/\\w+\\.parallel\\(.*", THREADS),
          new Call(
              "java/util/(HashMap|HashSet|Hashtable|IdentityHashMap|WeakHashMap)\\.<init>.*",
              ORDER),
          new Call("java/util/(Set|Map)\\.copyOf\\(.*", ORDER),
          new Call("java/util/Map\\.ofEntries\\(.*", ORDER),
          new Call("java/util/Set\\.of\\((Ljava/lang/Object;Ljava|\\[L).*", ORDER),
          new Call("java/util/Map\\.of\\((Ljava/lang/Object;){3}.*", ORDER),
          new Call("java/util/stream/Collectors\\.toSet\\(.*", ORDER),
          new Call("java/util/stream/Collectors\\.toUnmodifiable(Set|Map)\\(.*", ORDER),
          new Call(
              "java/util/stream/Collectors\\.toMap\\((Ljava/util/function/\\w+;){2,3}\\).*", ORDER),
          new Call(
              "java/util/stream/Collectors\\.groupingBy\\(Ljava/util/function/Function;"
                  + "(Ljava/util/stream/Collector;)?\\).*",
              ORDER));

  /** What exact code may not call besides. */
  private static final List<Call> INEXACT =
      List.of(
          new Call("java/lang/(Strict)?Math\\.\\w+\\(.*[DF].*", EXACT),
          new Call("java/lang/(Double|Float)\\.(?!valueOf|doubleValue|floatValue).*", EXACT),
          new Call("java/util/stream/DoubleStream\\..*", EXACT),
          new Call("java/util/stream/\\w+\\.\\w+\\(.*\\)Ljava/util/stream/DoubleStream;", EXACT),
          new Call("java/util/stream/Collectors\\.\\w+Double\\(.*", EXACT));

  private final boolean exact;
  private final List<String> found = new ArrayList<>();
  private String className = "";
  private String file = "";

  private PurityFence(boolean exact) {
    super(API);
    this.exact = exact;
  }

  /**
   * Lists what is impure in a class.
   *
   * @param exact whether floating point numbers count
   * @return sentences that name file, line and what to do instead
   */
  static List<String> impurities(byte[] byteCode, boolean exact) {
    PurityFence fence = new PurityFence(exact);
    new ClassReader(byteCode).accept(fence, 0);
    return fence.found;
  }

  private record Call(String pattern, String instead) {
    boolean matches(String owner, String name, String descriptor) {
      return (owner + "." + name + descriptor).matches(pattern);
    }
  }

  @Override
  public void visit(
      int version, int access, String name, String sig, String parent, String[] interfaces) {
    className = name.replace('/', '.');
    mention(parent, "extends", 0);
    for (String implemented : interfaces) {
      mention(implemented, "implements", 0);
    }
  }

  @Override
  public void visitSource(String source, String debug) {
    file = source;
  }

  @Override
  public FieldVisitor visitField(int access, String name, String type, String sig, Object value) {
    mentionType(Type.getType(type), "has a field of", 0);
    boolean compilerMade = (access & Opcodes.ACC_SYNTHETIC) != 0;
    if ((access & Opcodes.ACC_VOLATILE) != 0) {
      add("has the volatile field " + name, THREADS, 0);
    }
    if ((access & Opcodes.ACC_STATIC) != 0 && (access & Opcodes.ACC_FINAL) == 0 && !compilerMade) {
      add("has the static variable " + name, "what changes is in the state", 0);
    }
    return null;
  }

  @Override
  public MethodVisitor visitMethod(
      int access, String name, String descriptor, String sig, String[] exceptions) {
    mentionMethod(descriptor, "declares " + name + " with", 0);
    if ((access & Opcodes.ACC_SYNCHRONIZED) != 0) {
      add("has the synchronized method " + name, THREADS, 0);
    }
    return new Instructions();
  }

  private void add(String what, String instead, int line) {
    found.add(className + " " + what + " (" + file + ":" + line + "): " + instead);
  }

  private void mentionMethod(String descriptor, String how, int line) {
    for (Type argument : Type.getArgumentTypes(descriptor)) {
      mentionType(argument, how, line);
    }
    mentionType(Type.getReturnType(descriptor), how, line);
  }

  private void mentionType(Type type, String how, int line) {
    Type element = type.getSort() == Type.ARRAY ? type.getElementType() : type;
    if (element.getSort() == Type.OBJECT) {
      mention(element.getInternalName(), how, line);
    }
  }

  private void mention(String type, String how, int line) {
    if (type != null && !MENTIONABLE.contains(type)) {
      TYPES.entrySet().stream()
          .filter(forbidden -> type.startsWith(forbidden.getKey()))
          .forEach(
              forbidden -> add(how + " " + type.replace('/', '.'), forbidden.getValue(), line));
    }
  }

  /** Reads the instructions of one method. */
  private final class Instructions extends MethodVisitor {
    private int line;

    Instructions() {
      super(API);
    }

    @Override
    public void visitLineNumber(int number, Label start) {
      line = number;
    }

    @Override
    public void visitInsn(int opcode) {
      if (opcode == Opcodes.MONITORENTER) {
        add("synchronizes", THREADS, line);
      }
      if (exact && isFloating(opcode)) {
        add("calculates with floating point numbers", EXACT, line);
      }
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      mentionType(Type.getObjectType(type), "uses", line);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String type) {
      mention(owner, "uses", line);
      mentionType(Type.getType(type), "uses", line);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      call(owner, name, descriptor);
    }

    @Override
    public void visitInvokeDynamicInsn(
        String name, String descriptor, Handle bootstrap, Object... arguments) {
      mentionMethod(descriptor, "makes", line);
      boolean concatenates = bootstrap.getOwner().endsWith("/StringConcatFactory");
      if (exact
          && concatenates
          && Stream.of(Type.getArgumentTypes(descriptor)).anyMatch(this::isFloating)) {
        add("writes a floating point number", WRITING, line);
      }
      for (Object argument : arguments) {
        if (argument instanceof Handle handle) {
          call(handle.getOwner(), handle.getName(), handle.getDesc());
        }
      }
    }

    @Override
    public void visitLdcInsn(Object value) {
      if (value instanceof Type type && type.getSort() != Type.METHOD) {
        mentionType(type, "uses", line);
      }
    }

    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
      mention(type, "catches", line);
    }

    private void call(String owner, String name, String descriptor) {
      mentionType(Type.getObjectType(owner), "calls", line);
      if (Type.getType(descriptor).getSort() == Type.METHOD) {
        mentionMethod(descriptor, "calls " + name + " with", line);
      }
      List<Call> forbidden = new ArrayList<>(CALLS);
      if (exact) {
        forbidden.addAll(INEXACT);
      }
      forbidden.stream()
          .filter(call -> call.matches(owner, name, descriptor))
          .forEach(
              call -> add("calls " + owner.replace('/', '.') + "." + name, call.instead(), line));
    }

    private boolean isFloating(Type type) {
      return type.getSort() == Type.DOUBLE || type.getSort() == Type.FLOAT;
    }

    private boolean isFloating(int opcode) {
      return switch (opcode) {
        case Opcodes.DADD,
            Opcodes.DSUB,
            Opcodes.DMUL,
            Opcodes.DDIV,
            Opcodes.DREM,
            Opcodes.DNEG,
            Opcodes.FADD,
            Opcodes.FSUB,
            Opcodes.FMUL,
            Opcodes.FDIV,
            Opcodes.FREM,
            Opcodes.FNEG,
            Opcodes.DCMPG,
            Opcodes.DCMPL,
            Opcodes.FCMPG,
            Opcodes.FCMPL,
            Opcodes.D2I,
            Opcodes.D2L,
            Opcodes.D2F,
            Opcodes.F2I,
            Opcodes.F2L,
            Opcodes.F2D,
            Opcodes.I2D,
            Opcodes.I2F,
            Opcodes.L2D,
            Opcodes.L2F ->
            true;
        default -> false;
      };
    }
  }
}
