package io.quorate.master.http.v0;

import com.google.protobuf.Message;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.operator.OperatorFace;
import io.quorate.master.http.server.Paths;
import io.quorate.master.http.server.Replies;
import io.quorate.master.leader.MasterCore;
import io.quorate.protocol.http.RequestBodies;
import io.quorate.protocol.json.JsonMappingException;
import io.quorate.protocol.json.JsonSyntaxException;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.v1.MachineID;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.WeightInfo;
import io.quorate.protocol.v1.maintenance.Schedule;
import io.quorate.protocol.v1.master.Call;
import io.quorate.protocol.v1.quota.QuotaRequest;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The orders that had an endpoint of their own before there was {@code /api/v1} (Mesos 6.3): each
 * becomes the call of the operator API that it stands for.
 */
public final class V0Face {
  /** The paths of orders. */
  public static final List<String> PATHS =
      List.of(
          "/weights",
          "/quota",
          "/reserve",
          "/unreserve",
          "/create-volumes",
          "/destroy-volumes",
          "/teardown",
          "/maintenance/schedule",
          "/machine/down",
          "/machine/up");

  private static final String QUOTA_OF = "/quota/";

  private final FaceSettings settings;
  private final MasterCore core;
  private final OperatorFace operators;

  public V0Face(FaceSettings settings, MasterCore core, OperatorFace operators) {
    this.settings = settings;
    this.core = core;
    this.operators = operators;
  }

  /** What a body asks for. */
  private interface Reading {
    Call.Builder call(byte[] body) throws Wrong, JsonSyntaxException, JsonMappingException;
  }

  /** The body is not what the endpoint takes. */
  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1;

    Wrong(String message) {
      super(message);
    }
  }

  /** The one method, besides GET for some, by which a path takes orders; empty for other paths. */
  public static Optional<String> method(String path) {
    return switch (path) {
      case "/weights" -> Optional.of("PUT");
      case "/quota",
          "/reserve",
          "/unreserve",
          "/create-volumes",
          "/destroy-volumes",
          "/teardown",
          "/maintenance/schedule",
          "/machine/down",
          "/machine/up" ->
          Optional.of("POST");
      default -> path.startsWith(QUOTA_OF) ? Optional.of("DELETE") : Optional.empty();
    };
  }

  /** All methods by which a path and those below it take orders. */
  public static List<String> methods(String path) {
    return path.equals("/quota")
        ? List.of("POST", "DELETE")
        : method(path).map(List::of).orElse(List.of());
  }

  /** Takes an order by the path's own method; any other is answered 405. */
  public void handle(HttpServerRequest request, String path, String principal) {
    String method = method(path).orElseThrow();
    if (!request.method().name().equals(method)) {
      request.response().putHeader("Allow", V0Views.has(path) ? "GET, HEAD, " + method : method);
      Replies.text(
          request,
          405,
          "405 Method Not Allowed. Expecting one of { '"
              + method
              + "' }, but received '"
              + request.method()
              + "'.");
      return;
    }
    if (!core.view().leading()) {
      Replies.elsewhere(request, core.view());
      return;
    }
    Reading reading = reading(path);
    RequestBodies.read(
        request,
        settings.bodyBytesMax(),
        body -> {
          Call call;
          try {
            call = reading.call(body).build();
          } catch (JsonSyntaxException e) {
            Replies.text(request, 400, "Failed to parse body into JSON: " + e.getMessage());
            return;
          } catch (JsonMappingException | Wrong e) {
            Replies.text(request, 400, e.getMessage());
            return;
          }
          operators.order(request, principal, call, why(request, path));
        });
  }

  /** What Mesos puts before the reason. */
  private static String why(HttpServerRequest request, String path) {
    return path.startsWith(QUOTA_OF)
        ? "Failed to remove quota for path '" + Paths.canonical(request) + "': "
        : "";
  }

  private static Reading reading(String path) {
    return switch (path) {
      case "/weights" -> V0Face::weights;
      case "/quota" -> V0Face::quota;
      case "/teardown" -> V0Face::teardown;
      case "/reserve" -> V0Face::reserve;
      case "/unreserve" -> V0Face::unreserve;
      case "/create-volumes" -> V0Face::createVolumes;
      case "/destroy-volumes" -> V0Face::destroyVolumes;
      case "/maintenance/schedule" -> V0Face::schedule;
      case "/machine/down" -> V0Face::down;
      case "/machine/up" -> V0Face::up;
      default ->
          body -> {
            Call.Builder call = Call.newBuilder().setType(Call.Type.REMOVE_QUOTA);
            call.getRemoveQuotaBuilder().setRole(path.substring(QUOTA_OF.length()));
            return call;
          };
    };
  }

  private static Call.Builder weights(byte[] body)
      throws JsonSyntaxException, JsonMappingException {
    Call.Builder call = Call.newBuilder().setType(Call.Type.UPDATE_WEIGHTS);
    call.getUpdateWeightsBuilder().addAllWeightInfos(array(body, WeightInfo.getDefaultInstance()));
    return call;
  }

  private static Call.Builder reserve(byte[] body)
      throws Wrong, JsonSyntaxException, JsonMappingException {
    Call.Builder call = Call.newBuilder().setType(Call.Type.RESERVE_RESOURCES);
    Call.ReserveResources.Builder reserve = call.getReserveResourcesBuilder();
    reserve.getAgentIdBuilder().setValue(form(body, "slaveId"));
    reserve.addAllResources(resources(body, "resources"));
    if (parameters(body).containsKey("source")) {
      reserve.addAllSource(resources(body, "source"));
    }
    return call;
  }

  private static Call.Builder quota(byte[] body) throws JsonSyntaxException, JsonMappingException {
    Call.Builder call = Call.newBuilder().setType(Call.Type.SET_QUOTA);
    call.getSetQuotaBuilder().setQuotaRequest(ProtoJson.merge(body, QuotaRequest.newBuilder()));
    return call;
  }

  private static Call.Builder teardown(byte[] body) throws Wrong {
    Call.Builder call = Call.newBuilder().setType(Call.Type.TEARDOWN);
    call.getTeardownBuilder().getFrameworkIdBuilder().setValue(form(body, "frameworkId"));
    return call;
  }

  private static Call.Builder unreserve(byte[] body)
      throws Wrong, JsonSyntaxException, JsonMappingException {
    Call.Builder call = Call.newBuilder().setType(Call.Type.UNRESERVE_RESOURCES);
    call.getUnreserveResourcesBuilder()
        .addAllResources(resources(body, "resources"))
        .getAgentIdBuilder()
        .setValue(form(body, "slaveId"));
    return call;
  }

  private static Call.Builder createVolumes(byte[] body)
      throws Wrong, JsonSyntaxException, JsonMappingException {
    Call.Builder call = Call.newBuilder().setType(Call.Type.CREATE_VOLUMES);
    call.getCreateVolumesBuilder()
        .addAllVolumes(resources(body, "volumes"))
        .getAgentIdBuilder()
        .setValue(form(body, "slaveId"));
    return call;
  }

  private static Call.Builder destroyVolumes(byte[] body)
      throws Wrong, JsonSyntaxException, JsonMappingException {
    Call.Builder call = Call.newBuilder().setType(Call.Type.DESTROY_VOLUMES);
    call.getDestroyVolumesBuilder()
        .addAllVolumes(resources(body, "volumes"))
        .getAgentIdBuilder()
        .setValue(form(body, "slaveId"));
    return call;
  }

  private static Call.Builder schedule(byte[] body)
      throws JsonSyntaxException, JsonMappingException {
    Call.Builder call = Call.newBuilder().setType(Call.Type.UPDATE_MAINTENANCE_SCHEDULE);
    call.getUpdateMaintenanceScheduleBuilder()
        .setSchedule(ProtoJson.merge(body, Schedule.newBuilder()));
    return call;
  }

  private static Call.Builder down(byte[] body) throws JsonSyntaxException, JsonMappingException {
    Call.Builder call = Call.newBuilder().setType(Call.Type.START_MAINTENANCE);
    call.getStartMaintenanceBuilder().addAllMachines(array(body, MachineID.getDefaultInstance()));
    return call;
  }

  private static Call.Builder up(byte[] body) throws JsonSyntaxException, JsonMappingException {
    Call.Builder call = Call.newBuilder().setType(Call.Type.STOP_MAINTENANCE);
    call.getStopMaintenanceBuilder().addAllMachines(array(body, MachineID.getDefaultInstance()));
    return call;
  }

  private static <M extends Message> List<M> array(byte[] json, M prototype)
      throws JsonSyntaxException, JsonMappingException {
    return ProtoJson.readArray(json, prototype);
  }

  private static List<Resource> resources(byte[] body, String name)
      throws Wrong, JsonSyntaxException, JsonMappingException {
    return array(form(body, name).getBytes(StandardCharsets.UTF_8), Resource.getDefaultInstance());
  }

  private static Map<String, List<String>> parameters(byte[] body) throws Wrong {
    try {
      return new QueryStringDecoder(new String(body, StandardCharsets.UTF_8), false).parameters();
    } catch (IllegalArgumentException e) {
      throw new Wrong("The request body is not form-encoded: " + e.getMessage());
    }
  }

  private static String form(byte[] body, String name) throws Wrong {
    List<String> values = parameters(body).getOrDefault(name, List.of());
    if (values.isEmpty()) {
      throw new Wrong("Missing '" + name + "' query parameter in the request body");
    }
    return values.get(0);
  }
}
