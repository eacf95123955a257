/**
 * Where the variables of {@code org.apache.mesos.state} are: a directory, or the masters.
 *
 * <p>For {@code org.apache.mesos} alone. A store may be called by any thread, one at a time.
 * Nothing here calls back, and no value is logged.
 */
package io.quorate.driver.mesos.variable;
