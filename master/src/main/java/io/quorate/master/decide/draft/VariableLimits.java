package io.quorate.master.decide.draft;

/**
 * How much frameworks may keep in variables. All of it is in the memory of every master.
 *
 * @param nameBytesMax of a namespace, and of a name, in UTF-8
 * @param valueBytesMax of one value
 * @param countMax variables of one namespace
 * @param namespaceBytesMax all variables of one namespace
 * @param bytesMax all variables
 */
public record VariableLimits(
    int nameBytesMax, int valueBytesMax, int countMax, long namespaceBytesMax, long bytesMax) {

  /** 255 bytes a name, 1 MiB a value, 10,000 variables and 32 MiB a namespace, 128 MiB in all. */
  public static final VariableLimits DEFAULT =
      new VariableLimits(255, 1 << 20, 10_000, 32L << 20, 128L << 20);
}
