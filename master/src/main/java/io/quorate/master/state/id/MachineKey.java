package io.quorate.master.state.id;

import io.quorate.protocol.v1.MachineID;
import java.util.Locale;

/**
 * A machine for maintenance (Mesos 4.4): by hostname, address or both; hostnames compare without
 * case.
 */
public record MachineKey(String hostname, String ip) implements Comparable<MachineKey> {

  /** Of a message. */
  public static MachineKey of(MachineID id) {
    return new MachineKey(id.getHostname().toLowerCase(Locale.ROOT), id.getIp());
  }

  /** As a message; what is empty is not set. */
  public MachineID toProto() {
    MachineID.Builder id = MachineID.newBuilder();
    if (!hostname.isEmpty()) {
      id.setHostname(hostname);
    }
    if (!ip.isEmpty()) {
      id.setIp(ip);
    }
    return id.build();
  }

  @Override
  public int compareTo(MachineKey other) {
    int order = hostname.compareTo(other.hostname);
    return order != 0 ? order : ip.compareTo(other.ip);
  }
}
