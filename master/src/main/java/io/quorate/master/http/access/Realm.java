package io.quorate.master.http.access;

/** Which flag asks for a password, and what clients are told to log in to (Mesos 8.1). */
public enum Realm {
  SCHEDULER("mesos-master-scheduler"),
  READONLY("mesos-master-readonly"),
  READWRITE("mesos-master-readwrite");

  private final String text;

  Realm(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }
}
