package org.apache.mesos;

import io.quorate.driver.mesos.http.MasterAddresses;
import io.quorate.driver.mesos.http.MasterCalls;
import io.quorate.driver.mesos.http.TlsSettings;
import io.quorate.driver.mesos.scheduler.DriverState;
import io.quorate.driver.mesos.scheduler.SchedulerCore;
import io.quorate.driver.mesos.scheduler.SchedulerLink;
import io.quorate.driver.mesos.wire.FrameworkDefaults;
import io.quorate.driver.mesos.wire.WireFields;
import io.quorate.driver.search.LeaderSearch;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Mesos's driver for schedulers, in Java, on the v1 HTTP API. Its methods may be called on any
 * thread; the scheduler's callbacks come on one, in order.
 */
public class MesosSchedulerDriver implements SchedulerDriver {
  private final SchedulerLink link;
  private final Optional<String> wrong;

  /** A driver that acknowledges updates by itself. */
  public MesosSchedulerDriver(Scheduler scheduler, Protos.FrameworkInfo framework, String master) {
    this(scheduler, framework, Collections.emptyList(), master, true, Optional.empty());
  }

  /** The same, with a name and a secret. */
  public MesosSchedulerDriver(
      Scheduler scheduler,
      Protos.FrameworkInfo framework,
      String master,
      Protos.Credential credential) {
    this(scheduler, framework, Collections.emptyList(), master, true, bytes(credential));
  }

  /** A driver that leaves acknowledgements to the scheduler, unless {@code implicit} is true. */
  public MesosSchedulerDriver(
      Scheduler scheduler, Protos.FrameworkInfo framework, String master, boolean implicit) {
    this(scheduler, framework, Collections.emptyList(), master, implicit, Optional.empty());
  }

  /** The same, with a name and a secret. */
  public MesosSchedulerDriver(
      Scheduler scheduler,
      Protos.FrameworkInfo framework,
      String master,
      boolean implicit,
      Protos.Credential credential) {
    this(scheduler, framework, Collections.emptyList(), master, implicit, bytes(credential));
  }

  /** A driver that begins with some roles suppressed. */
  public MesosSchedulerDriver(
      Scheduler scheduler,
      Protos.FrameworkInfo framework,
      Collection<String> suppressedRoles,
      String master,
      boolean implicit) {
    this(scheduler, framework, suppressedRoles, master, implicit, Optional.empty());
  }

  /** The same, with a name and a secret. */
  public MesosSchedulerDriver(
      Scheduler scheduler,
      Protos.FrameworkInfo framework,
      Collection<String> suppressedRoles,
      String master,
      boolean implicit,
      Protos.Credential credential) {
    this(scheduler, framework, suppressedRoles, master, implicit, bytes(credential));
  }

  private MesosSchedulerDriver(
      Scheduler scheduler,
      Protos.FrameworkInfo framework,
      Collection<String> suppressedRoles,
      String master,
      boolean implicit,
      Optional<byte[]> credential) {
    require(scheduler, "scheduler");
    require(framework, "framework");
    require(master, "master");
    require(suppressedRoles, "suppressedRoles");
    Optional<String> problem = Optional.empty();
    Optional<SSLContext> tls = Optional.empty();
    Collection<String> masters = Collections.singletonList("127.0.0.1:5050");
    try {
      MasterAddresses addresses = MasterAddresses.parse(master);
      masters = addresses.masters();
      if (addresses.secure()) {
        tls = Optional.of(TlsSettings.context(System.getenv()));
      }
      if (new TreeSet<>(suppressedRoles).size() != suppressedRoles.size()) {
        problem = Optional.of("suppressedRoles: a role must not be named twice");
      }
    } catch (IllegalArgumentException | IOException e) {
      problem = Optional.of(e.getMessage());
    }
    wrong = problem;
    LeaderSearch search = new LeaderSearch(masters, new SecureRandom()::nextLong);
    SchedulerCore core =
        new SchedulerCore(
            FrameworkDefaults.complete(framework.toByteArray()), suppressedRoles, implicit, search);
    Optional<String> authorization =
        credential
            .map(WireFields::parse)
            .map(fields -> MasterCalls.basic(fields.text(1), fields.bytes(2).orElse(new byte[0])));
    MasterCalls calls = new MasterCalls("/api/v1/scheduler", tls, authorization);
    link = new SchedulerLink(core, calls, new SchedulerCallbacks(this, scheduler));
  }

  private static void require(Object value, String name) {
    if (value == null) {
      throw new NullPointerException("Not expecting a null " + name);
    }
  }

  private static Optional<byte[]> bytes(Protos.Credential credential) {
    require(credential, "credential");
    return Optional.of(credential.toByteArray());
  }

  private static Optional<byte[]> bytes(Protos.Filters filters) {
    return filters == null ? Optional.empty() : Optional.of(filters.toByteArray());
  }

  static Protos.Status status(DriverState state) {
    switch (state) {
      case NOT_STARTED:
        return Protos.Status.DRIVER_NOT_STARTED;
      case RUNNING:
        return Protos.Status.DRIVER_RUNNING;
      case ABORTED:
        return Protos.Status.DRIVER_ABORTED;
      default:
        return Protos.Status.DRIVER_STOPPED;
    }
  }

  private Protos.Status call(Consumer<SchedulerCore> method) {
    return status(link.call(method));
  }

  private static double nowSeconds() {
    return System.currentTimeMillis() / 1e3;
  }

  @Override
  public Protos.Status start() {
    return status(wrong.isPresent() ? link.failAtStart(wrong.get()) : link.start());
  }

  @Override
  public Protos.Status stop(boolean failover) {
    return status(link.stop(failover));
  }

  @Override
  public Protos.Status stop() {
    return stop(false);
  }

  @Override
  public Protos.Status abort() {
    return status(link.abort());
  }

  @Override
  public Protos.Status join() {
    return status(link.join());
  }

  @Override
  public Protos.Status run() {
    Protos.Status status = start();
    return status == Protos.Status.DRIVER_RUNNING || wrong.isPresent() ? join() : status;
  }

  @Override
  public Protos.Status requestResources(Collection<Protos.Request> requests) {
    List<byte[]> all = new ArrayList<>();
    for (Protos.Request request : requests) {
      all.add(request.toByteArray());
    }
    return call(core -> core.request(all));
  }

  @Override
  public Protos.Status launchTasks(
      Collection<Protos.OfferID> offerIds,
      Collection<Protos.TaskInfo> tasks,
      Protos.Filters filters) {
    List<byte[]> launched = new ArrayList<>();
    for (Protos.TaskInfo task : tasks) {
      launched.add(task.toByteArray());
    }
    List<byte[]> offers = offers(offerIds);
    return call(core -> core.launch(offers, launched, bytes(filters), nowSeconds()));
  }

  @Override
  public Protos.Status launchTasks(
      Collection<Protos.OfferID> offerIds, Collection<Protos.TaskInfo> tasks) {
    return launchTasks(offerIds, tasks, null);
  }

  @Override
  public Protos.Status launchTasks(
      Protos.OfferID offerId, Collection<Protos.TaskInfo> tasks, Protos.Filters filters) {
    return launchTasks(Collections.singleton(offerId), tasks, filters);
  }

  @Override
  public Protos.Status launchTasks(Protos.OfferID offerId, Collection<Protos.TaskInfo> tasks) {
    return launchTasks(Collections.singleton(offerId), tasks, null);
  }

  private static List<byte[]> offers(Collection<Protos.OfferID> offerIds) {
    List<byte[]> all = new ArrayList<>();
    for (Protos.OfferID offer : offerIds) {
      all.add(offer.toByteArray());
    }
    return all;
  }

  @Override
  public Protos.Status killTask(Protos.TaskID taskId) {
    byte[] task = taskId.toByteArray();
    return call(core -> core.kill(task));
  }

  @Override
  public Protos.Status acceptOffers(
      Collection<Protos.OfferID> offerIds,
      Collection<Protos.Offer.Operation> operations,
      Protos.Filters filters) {
    List<byte[]> all = new ArrayList<>();
    for (Protos.Offer.Operation operation : operations) {
      all.add(operation.toByteArray());
    }
    List<byte[]> offers = offers(offerIds);
    return call(core -> core.accept(offers, all, bytes(filters), nowSeconds()));
  }

  @Override
  public Protos.Status declineOffer(Protos.OfferID offerId, Protos.Filters filters) {
    byte[] offer = offerId.toByteArray();
    return call(core -> core.decline(offer, bytes(filters)));
  }

  @Override
  public Protos.Status declineOffer(Protos.OfferID offerId) {
    return declineOffer(offerId, null);
  }

  @Override
  public Protos.Status reviveOffers() {
    return call(core -> core.revive(Optional.empty()));
  }

  @Override
  public Protos.Status reviveOffers(Collection<String> roles) {
    return call(core -> core.revive(Optional.of(roles)));
  }

  @Override
  public Protos.Status suppressOffers() {
    return call(core -> core.suppress(Optional.empty()));
  }

  @Override
  public Protos.Status suppressOffers(Collection<String> roles) {
    return call(core -> core.suppress(Optional.of(roles)));
  }

  @Override
  public Protos.Status acknowledgeStatusUpdate(Protos.TaskStatus status) {
    byte[] update = status.toByteArray();
    return call(core -> core.acknowledge(update));
  }

  @Override
  public Protos.Status sendFrameworkMessage(
      Protos.ExecutorID executorId, Protos.SlaveID slaveId, byte[] data) {
    byte[] executor = executorId.toByteArray();
    byte[] agent = slaveId.toByteArray();
    byte[] copy = data.clone();
    return call(core -> core.message(executor, agent, copy));
  }

  @Override
  public Protos.Status reconcileTasks(Collection<Protos.TaskStatus> statuses) {
    List<byte[]> all = new ArrayList<>();
    for (Protos.TaskStatus status : statuses) {
      all.add(status.toByteArray());
    }
    return call(core -> core.reconcile(all));
  }

  @Override
  public Protos.Status updateFramework(
      Protos.FrameworkInfo framework, Collection<String> suppressedRoles) {
    byte[] described = FrameworkDefaults.complete(framework.toByteArray());
    return updated(described, suppressedRoles, Optional.empty());
  }

  @Override
  public Protos.Status updateFramework(
      Protos.FrameworkInfo framework,
      Collection<String> suppressedRoles,
      org.apache.mesos.scheduler.Protos.OfferConstraints offerConstraints) {
    byte[] described = FrameworkDefaults.complete(framework.toByteArray());
    return updated(described, suppressedRoles, Optional.of(offerConstraints.toByteArray()));
  }

  private Protos.Status updated(
      byte[] described, Collection<String> suppressedRoles, Optional<byte[]> constraints) {
    List<String> roles = new ArrayList<>(suppressedRoles);
    return call(core -> core.update(described, roles, constraints));
  }

  /** There is nothing native to initialise. */
  protected void initialize() {
    // For classes that call it.
  }
}
