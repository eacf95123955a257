/**
 * The endpoints that Mesos had before {@code /api/v1} (Mesos 6.3, 6.4): views such as {@code
 * /state}, and orders by a path of their own, each of which becomes a call of the operator API. The
 * server calls it; views are written from one frozen picture of the state. New things never go
 * here.
 */
package io.quorate.master.http.v0;
