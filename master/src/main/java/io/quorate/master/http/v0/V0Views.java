package io.quorate.master.http.v0;

import io.quorate.master.access.Action;
import io.quorate.master.http.access.Visibility;
import io.quorate.master.http.operator.OperatorReads;
import io.quorate.master.http.operator.RoleReads;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.v1.maintenance.Schedule;
import java.io.IOException;
import java.io.OutputStream;

/**
 * What the endpoints of orders show by GET (Mesos 6.3), of one frozen picture.
 *
 * @param visible what the reader is shown
 */
public record V0Views(MasterState state, Visibility visible) {

  public static boolean has(String path) {
    return switch (path) {
      case "/weights", "/quota", "/maintenance/schedule", "/maintenance/status" -> true;
      default -> false;
    };
  }

  public void write(String path, OutputStream out) throws IOException {
    switch (path) {
      case "/weights" -> new RoleReads(state, visible::role).writeWeights(out);
      case "/quota" ->
          out.write(ProtoJson.printBytes(new RoleReads(state, visible::quota).quotas()));
      case "/maintenance/schedule" ->
          out.write(
              ProtoJson.printBytes(
                  visible.all(Action.GET_MAINTENANCE_SCHEDULES)
                      ? state.maintenance().schedule()
                      : Schedule.getDefaultInstance()));
      case "/maintenance/status" ->
          out.write(ProtoJson.printBytes(OperatorReads.maintenanceStatus(state, visible)));
      default -> throw new IllegalArgumentException("no view: " + path);
    }
  }
}
