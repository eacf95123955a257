package clients;

import java.util.concurrent.CountDownLatch;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Mesos;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import org.apache.mesos.v1.scheduler.Scheduler;
import org.apache.mesos.v1.scheduler.V1Mesos;

/**
 * A framework on the interface of v1: it runs one command until a file is there, and prints what it
 * is told. It knows nothing of Quorate.
 *
 * <p>usage: V1Framework MASTERS FILE
 */
public final class V1Framework implements Scheduler {
  private final CountDownLatch ended = new CountDownLatch(1);
  private final String file;
  private FrameworkID id;
  private boolean launched;

  private V1Framework(String file) {
    this.file = file;
  }

  public static void main(String[] args) throws Exception {
    V1Framework framework = new V1Framework(args[1]);
    V1Mesos mesos = new V1Mesos(framework, args[0]);
    framework.ended.await();
    mesos.send(Call.newBuilder().setType(Call.Type.TEARDOWN).setFrameworkId(framework.id).build());
    System.exit(0);
  }

  @Override
  public void connected(Mesos mesos) {
    System.out.println("connected");
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setUser(System.getProperty("user.name"))
            .setName("of the original v1 API")
            .setFailoverTimeout(600);
    Call.Builder call = Call.newBuilder().setType(Call.Type.SUBSCRIBE);
    if (id != null) {
      call.setFrameworkId(id);
      info.setId(id);
    }
    mesos.send(call.setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info)).build());
  }

  @Override
  public void disconnected(Mesos mesos) {
    System.out.println("disconnected");
  }

  @Override
  public void received(Mesos mesos, Event event) {
    switch (event.getType()) {
      case SUBSCRIBED:
        id = event.getSubscribed().getFrameworkId();
        System.out.println("subscribed " + id.getValue());
        break;
      case OFFERS:
        if (!launched) {
          launched = true;
          mesos.send(launch(event.getOffers().getOffers(0)));
        }
        break;
      case UPDATE:
        updated(mesos, event.getUpdate().getStatus());
        break;
      default:
        break;
    }
  }

  private void updated(Mesos mesos, TaskStatus status) {
    System.out.println("update " + status.getTaskId().getValue() + " " + status.getState());
    if (status.hasUuid()) {
      mesos.send(
          Call.newBuilder()
              .setType(Call.Type.ACKNOWLEDGE)
              .setFrameworkId(id)
              .setAcknowledge(
                  Call.Acknowledge.newBuilder()
                      .setAgentId(status.getAgentId())
                      .setTaskId(status.getTaskId())
                      .setUuid(status.getUuid()))
              .build());
    }
    if (status.getState().name().equals("TASK_FINISHED")) {
      ended.countDown();
    }
  }

  private Call launch(Offer offer) {
    TaskInfo.Builder task =
        TaskInfo.newBuilder()
            .setName("task")
            .setTaskId(TaskID.newBuilder().setValue("v1"))
            .setAgentId(offer.getAgentId())
            .addResources(resource("cpus", 0.1))
            .addResources(resource("mem", 32))
            .setCommand(
                CommandInfo.newBuilder()
                    .setValue("while ! [ -e '" + file + "' ]; do sleep 0.1; done"));
    return Call.newBuilder()
        .setType(Call.Type.ACCEPT)
        .setFrameworkId(id)
        .setAccept(
            Call.Accept.newBuilder()
                .addOfferIds(offer.getId())
                .addOperations(
                    Offer.Operation.newBuilder()
                        .setType(Offer.Operation.Type.LAUNCH)
                        .setLaunch(Offer.Operation.Launch.newBuilder().addTaskInfos(task))))
        .build();
  }

  private static Resource resource(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value))
        .build();
  }
}
