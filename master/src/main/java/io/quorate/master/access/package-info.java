/**
 * Who may do what (Mesos 8.2): values that the leader's decisions and the faces' views are given.
 * Pure; any thread. Reads no files.
 */
package io.quorate.master.access;
