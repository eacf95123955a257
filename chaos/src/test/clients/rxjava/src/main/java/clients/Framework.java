package clients;

import com.mesosphere.mesos.rx.java.MesosClientBuilder;
import com.mesosphere.mesos.rx.java.SinkOperation;
import com.mesosphere.mesos.rx.java.SinkOperations;
import com.mesosphere.mesos.rx.java.protobuf.ProtobufMesosClientBuilder;
import com.mesosphere.mesos.rx.java.util.UserAgentEntries;
import java.net.URI;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.mesos.v1.Protos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import rx.Observable;
import rx.subjects.PublishSubject;
import rx.subjects.Subject;

/**
 * usage: Framework host:port[,host:port...] tasks seconds
 *
 * <p>A framework on mesos-rxjava: launches that many shell tasks, each of that many seconds, and
 * prints one line for whatever it is told. Exit status 0: every task finished.
 *
 * <p>The library ends when its stream does. What an application can do about it is done here: open
 * a new client at the next address with the same framework id, and reconcile.
 */
public final class Framework {
  private static final long RETRY_MILLIS = 300;

  private final int tasks;
  private final int seconds;
  private final Set<String> finished = new HashSet<>();
  private Subject<Optional<SinkOperation<Call>>, Optional<SinkOperation<Call>>> calls;
  private Protos.FrameworkID id;
  private int launched;

  private Framework(int tasks, int seconds) {
    this.tasks = tasks;
    this.seconds = seconds;
  }

  /** Runs until all tasks finished, or one did not. */
  public static void main(String[] args) throws InterruptedException {
    String[] masters = args[0].split(",");
    Framework framework = new Framework(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    for (int i = 0; ; i = (i + 1) % masters.length) {
      try {
        framework.stream(masters[i]);
        say("lost: the stream ended");
      } catch (Throwable failure) {
        say("lost: " + failure);
      }
      TimeUnit.MILLISECONDS.sleep(RETRY_MILLIS);
    }
  }

  private void stream(String master) throws Throwable {
    calls = PublishSubject.<Optional<SinkOperation<Call>>>create().toSerialized();
    MesosClientBuilder<Call, Event> builder =
        ProtobufMesosClientBuilder.schedulerUsingProtos()
            .mesosUri(URI.create("http://" + master + "/api/v1/scheduler"))
            .applicationUserAgentEntry(UserAgentEntries.literal("client-rxjava", "1"))
            .subscribe(subscribe())
            .processStream(this::process);
    builder.build().openStream().await();
  }

  private Observable<Optional<SinkOperation<Call>>> process(Observable<Event> events) {
    Observable<Event> told = events.doOnNext(this::on);
    return Observable.merge(
        told.map(event -> Optional.<SinkOperation<Call>>empty()), calls.onBackpressureBuffer());
  }

  private Call subscribe() {
    Protos.FrameworkInfo.Builder info =
        Protos.FrameworkInfo.newBuilder()
            .setUser(System.getProperty("user.name"))
            .setName("client-rxjava")
            .setFailoverTimeout(120);
    Call.Builder call = Call.newBuilder().setType(Call.Type.SUBSCRIBE);
    if (id != null) {
      info.setId(id);
      call.setFrameworkId(id);
    }
    return call.setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info)).build();
  }

  private void on(Event event) {
    switch (event.getType()) {
      case SUBSCRIBED -> {
        id = event.getSubscribed().getFrameworkId();
        say("subscribed " + id.getValue());
        if (launched > 0) {
          send(call(Call.Type.RECONCILE).setReconcile(Call.Reconcile.getDefaultInstance()));
        }
      }
      case OFFERS -> event.getOffers().getOffersList().forEach(this::answer);
      case UPDATE -> update(event.getUpdate().getStatus());
      case ERROR -> say("error " + event.getError().getMessage());
      default -> {}
    }
  }

  private void answer(Protos.Offer offer) {
    if (launched == tasks) {
      send(
          call(Call.Type.DECLINE).setDecline(Call.Decline.newBuilder().addOfferIds(offer.getId())));
      return;
    }
    Protos.Offer.Operation.Launch.Builder launch = Protos.Offer.Operation.Launch.newBuilder();
    // Two to an offer, so that more than one offer is used.
    for (int i = 0; i < 2 && launched < tasks; i++, launched++) {
      launch.addTaskInfos(
          Protos.TaskInfo.newBuilder()
              .setName("work")
              .setTaskId(Protos.TaskID.newBuilder().setValue("work-" + UUID.randomUUID()))
              .setAgentId(offer.getAgentId())
              .setCommand(Protos.CommandInfo.newBuilder().setValue("sleep " + seconds))
              .addResources(scalar("cpus", 0.1))
              .addResources(scalar("mem", 32)));
    }
    send(
        call(Call.Type.ACCEPT)
            .setAccept(
                Call.Accept.newBuilder()
                    .addOfferIds(offer.getId())
                    .addOperations(
                        Protos.Offer.Operation.newBuilder()
                            .setType(Protos.Offer.Operation.Type.LAUNCH)
                            .setLaunch(launch))
                    .setFilters(Protos.Filters.newBuilder().setRefuseSeconds(0))));
  }

  private void update(Protos.TaskStatus status) {
    say("update " + status.getTaskId().getValue() + " " + status.getState());
    if (status.hasUuid()) {
      send(
          call(Call.Type.ACKNOWLEDGE)
              .setAcknowledge(
                  Call.Acknowledge.newBuilder()
                      .setAgentId(status.getAgentId())
                      .setTaskId(status.getTaskId())
                      .setUuid(status.getUuid())));
    }
    switch (status.getState()) {
      case TASK_STAGING, TASK_STARTING, TASK_RUNNING -> {}
      case TASK_FINISHED -> finished.add(status.getTaskId().getValue());
      default -> end(1);
    }
    if (finished.size() == tasks) {
      calls.onNext(
          Optional.of(
              SinkOperations.sink(
                  call(Call.Type.TEARDOWN).build(), () -> end(0), failure -> end(1))));
    }
  }

  private Call.Builder call(Call.Type type) {
    return Call.newBuilder().setFrameworkId(id).setType(type);
  }

  private void send(Call.Builder call) {
    Runnable nothing = () -> {};
    calls.onNext(
        Optional.of(
            SinkOperations.sink(
                call.build(),
                nothing::run,
                failure -> say("error " + call.getType() + ": " + failure))));
  }

  private static Protos.Resource scalar(String name, double value) {
    return Protos.Resource.newBuilder()
        .setName(name)
        .setType(Protos.Value.Type.SCALAR)
        .setScalar(Protos.Value.Scalar.newBuilder().setValue(value))
        .build();
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private static void end(int status) {
    Runtime.getRuntime().halt(status);
  }
}
