package io.quorate.driver.mesos.http;

import java.io.IOException;

/** Who decides how long silence is borne. Called on the reading thread, about once a second. */
public interface Patience {
  /**
   * Nothing came since the last time.
   *
   * @throws IOException to give the connection up
   */
  void nothingCame() throws IOException;
}
