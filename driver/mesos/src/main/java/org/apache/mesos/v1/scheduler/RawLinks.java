package org.apache.mesos.v1.scheduler;

import io.quorate.driver.mesos.http.MasterAddresses;
import io.quorate.driver.mesos.http.MasterCalls;
import io.quorate.driver.mesos.http.TlsSettings;
import io.quorate.driver.mesos.scheduler.RawLink;
import io.quorate.driver.mesos.scheduler.RawSink;
import io.quorate.driver.mesos.wire.WireFields;
import io.quorate.driver.search.LeaderSearch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.mesos.v1.Protos.Credential;

/** Makes the link of a v1 scheduler. */
final class RawLinks {
  private RawLinks() {}

  static RawLink make(Mesos mesos, Scheduler scheduler, String master, Credential credential) {
    MasterAddresses addresses = MasterAddresses.parse(master);
    Optional<SSLContext> tls = Optional.empty();
    if (addresses.secure()) {
      try {
        tls = Optional.of(TlsSettings.context(System.getenv()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    Optional<String> authorization = Optional.empty();
    if (credential != null) {
      WireFields fields = WireFields.parse(credential.toByteArray());
      authorization =
          Optional.of(MasterCalls.basic(fields.text(1), fields.bytes(2).orElse(new byte[0])));
    }
    LeaderSearch search = new LeaderSearch(addresses.masters(), new SecureRandom()::nextLong);
    MasterCalls masters = new MasterCalls("/api/v1/scheduler", tls, authorization);
    return new RawLink(search, masters, new Events(mesos, scheduler));
  }

  /** Reads events as the framework's own messages. */
  private static final class Events implements RawSink {
    private final Mesos mesos;
    private final Scheduler scheduler;

    Events(Mesos mesos, Scheduler scheduler) {
      this.mesos = mesos;
      this.scheduler = scheduler;
    }

    @Override
    public void connected() {
      scheduler.connected(mesos);
    }

    @Override
    public void disconnected() {
      scheduler.disconnected(mesos);
    }

    @Override
    public void received(byte[] event) {
      Protos.Event parsed;
      try {
        parsed = Protos.Event.parseFrom(event);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      scheduler.received(mesos, parsed);
    }
  }
}
