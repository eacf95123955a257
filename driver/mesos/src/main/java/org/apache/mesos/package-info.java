/**
 * Mesos's own names, for those of its classes that need its native library: put before the original
 * artifact on the class path, they are the ones that are loaded.
 *
 * <p>Frameworks call them as they always did. They touch the framework's messages only by {@code
 * toByteArray} and {@code parseFrom}, so that they link whatever protobuf the messages were made
 * with. They decide nothing: {@code io.quorate.driver.mesos} does.
 */
package org.apache.mesos;
