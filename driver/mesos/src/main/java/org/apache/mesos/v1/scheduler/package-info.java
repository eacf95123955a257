/**
 * Mesos's names for the v1 scheduler library, where the original needs its native one.
 *
 * <p>Frameworks call them, and adapters on top of them. They touch the framework's messages only as
 * bytes, and decide nothing: {@code io.quorate.driver.mesos} does. See {@link org.apache.mesos}.
 */
package org.apache.mesos.v1.scheduler;
