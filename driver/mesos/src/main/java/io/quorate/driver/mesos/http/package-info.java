/**
 * HTTP/1.1 on plain sockets and on TLS, as far as a driver needs it: one request at a time on a
 * connection, and a response that does not end.
 *
 * <p>The JDK's client of Java 11 is not there on Java 8, and the older one cannot be closed while
 * another thread reads. Each connection belongs to one thread; {@code close} may come from any. It
 * follows no redirect and repeats no request: its callers know what may be repeated.
 */
package io.quorate.driver.mesos.http;
