/**
 * Protobuf's wire format, as far as a driver needs it: messages as fields with numbers.
 *
 * <p>The user's messages stay bytes: they are put into calls and taken out of events as they are.
 * So no version of protobuf's runtime is needed, and none on the class path matters. For any
 * thread; nothing here keeps state between calls. It knows no message by name.
 */
package io.quorate.driver.mesos.wire;
