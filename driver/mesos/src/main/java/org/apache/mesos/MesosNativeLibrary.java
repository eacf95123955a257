package org.apache.mesos;

/**
 * Stands where Mesos loads its native library: there is none to load, and its version is 1.11.0.
 */
public class MesosNativeLibrary {
  /** The version of Mesos whose API this is. */
  public static final String VERSION;

  private static final Version API = new Version(1, 11, 0);

  static {
    VERSION = "1.11.0";
  }

  /** A version of the library, as Mesos compares them. */
  @SuppressWarnings("ComparableType")
  public static class Version implements Comparable<Version> {
    /** The first number. */
    public final long major;

    /** The second number. */
    public final long minor;

    /** The third number. */
    public final long patch;

    /**
     * A version of three numbers.
     *
     * @throws IllegalArgumentException if one of them is negative
     */
    public Version(long major, long minor, long patch) {
      if (major < 0 || minor < 0 || patch < 0) {
        throw new IllegalArgumentException("the numbers of a version must not be negative");
      }
      this.major = major;
      this.minor = minor;
      this.patch = patch;
    }

    /** A version of two numbers. */
    public Version(long major, long minor) {
      this(major, minor, 0);
    }

    /** A version of one number. */
    public Version(long major) {
      this(major, 0, 0);
    }

    /** Whether both are the same. */
    public boolean equals(Version other) {
      return other != null && compareTo(other) == 0;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Version && equals((Version) other);
    }

    @Override
    public int hashCode() {
      return Long.hashCode(major * 31 * 31 + minor * 31 + patch);
    }

    @Override
    public int compareTo(Version other) {
      if (other == null) {
        throw new IllegalArgumentException("the other version must not be null");
      }
      int order = Long.compare(major, other.major);
      order = order != 0 ? order : Long.compare(minor, other.minor);
      return order != 0 ? order : Long.compare(patch, other.patch);
    }

    /** Whether this one is older. */
    public boolean before(Version other) {
      return compareTo(other) < 0;
    }

    /** Whether this one is newer. */
    public boolean after(Version other) {
      return compareTo(other) > 0;
    }

    @Override
    public String toString() {
      return major + "." + minor + "." + patch;
    }
  }

  /** Does nothing. */
  public static synchronized void load(String path) {
    // There is no library.
  }

  /** Does nothing. */
  public static void load() {
    // There is no library.
  }

  /** Returns 1.11.0. */
  public static synchronized Version version() {
    return API;
  }
}
