package io.quorate.driver.mesos.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import javax.naming.Context;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * The masters that a framework was told: {@code host:port}, several with commas, {@code http://} or
 * {@code https://} before them, {@code file:///path} to one of these, a name of DNS SRV records
 * such as {@code _quorate._tcp.example.org}, or {@code local}.
 */
public final class MasterAddresses {
  private static final String LOCAL = "127.0.0.1:5050,127.0.0.1:5051,127.0.0.1:5052";
  private static final String DEFAULT_PORT = ":5050";

  private final List<String> masters;
  private final boolean secure;

  private MasterAddresses(List<String> masters, boolean secure) {
    this.masters = masters;
    this.secure = secure;
  }

  /** Each as {@code host:port}; at least one. */
  public List<String> masters() {
    return masters;
  }

  /** Whether to speak TLS with them. */
  public boolean secure() {
    return secure;
  }

  /**
   * Understands what a framework was told.
   *
   * @throws IllegalArgumentException with what to write instead
   */
  public static MasterAddresses parse(String master) {
    String text = master.trim();
    if (text.startsWith("file://")) {
      return parse(content(text.substring("file://".length())));
    }
    if (text.startsWith("zk://")) {
      throw new IllegalArgumentException(
          "master: Quorate has no ZooKeeper, so a zk:// address leads nowhere. Write the masters"
              + " themselves, such as host1:5050,host2:5050,host3:5050");
    }
    if (text.equals("local") || text.equals("localquiet")) {
      text = LOCAL;
    }
    boolean secure = "true".equals(System.getenv("SSL_ENABLED"));
    List<String> found = new ArrayList<>();
    for (String part : text.split(",")) {
      String one = part.trim();
      if (one.startsWith("https://")) {
        secure = true;
        one = one.substring("https://".length());
      } else if (one.startsWith("http://")) {
        one = one.substring("http://".length());
      } else if (one.startsWith("master@")) {
        one = one.substring("master@".length());
      }
      int slash = one.indexOf('/');
      one = slash < 0 ? one : one.substring(0, slash);
      if (one.startsWith("_")) {
        found.addAll(services(one));
      } else {
        found.add(validated(one, master));
      }
    }
    return new MasterAddresses(found, secure);
  }

  private static String validated(String address, String master) {
    boolean hasPort = address.lastIndexOf(':') > address.lastIndexOf(']');
    String port = hasPort ? address.substring(address.lastIndexOf(':') + 1) : "5050";
    boolean good =
        address.matches("(\\[[0-9a-fA-F:.%]+\\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")
            && Integer.parseInt(port) > 0
            && Integer.parseInt(port) <= 0xffff;
    if (!good) {
      throw new IllegalArgumentException(
          "master: '"
              + master
              + "' must be host:port, several of them with commas, http:// or https:// before"
              + " them, file:///path, the name of SRV records (_service._tcp.domain), or local");
    }
    return hasPort ? address : address + DEFAULT_PORT;
  }

  private static String content(String path) {
    try {
      String text = new String(Files.readAllBytes(Paths.get(path)), StandardCharsets.UTF_8).trim();
      if (text.startsWith("file://")) {
        throw new IllegalArgumentException("master: " + path + " must not name another file");
      }
      return text;
    } catch (IOException e) {
      throw new IllegalArgumentException("master: the file " + path + " cannot be read", e);
    }
  }

  /** All targets, the best priority first. */
  @SuppressWarnings("BanJNDI") // The name is the operator's, and only DNS is asked.
  private static List<String> services(String name) {
    Hashtable<String, String> environment = new Hashtable<>();
    environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
    try {
      DirContext context = new InitialDirContext(environment);
      try {
        Attribute records = context.getAttributes(name, new String[] {"SRV"}).get("SRV");
        List<String[]> parts = new ArrayList<>();
        NamingEnumeration<?> all = records == null ? null : records.getAll();
        while (all != null && all.hasMore()) {
          parts.add(all.next().toString().split(" "));
        }
        if (parts.isEmpty()) {
          throw new IllegalArgumentException("master: " + name + " has no SRV records");
        }
        parts.sort((one, other) -> Integer.parseInt(one[0]) - Integer.parseInt(other[0]));
        List<String> found = new ArrayList<>();
        for (String[] part : parts) {
          found.add(part[3].replaceFirst("\\.$", "") + ":" + part[2]);
        }
        return found;
      } finally {
        context.close();
      }
    } catch (NamingException e) {
      throw new IllegalArgumentException("master: DNS has no SRV records of " + name, e);
    }
  }
}
