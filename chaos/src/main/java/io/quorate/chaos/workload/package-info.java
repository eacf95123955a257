/** What the clients of a cluster under test do, each a process on a node of its own. */
package io.quorate.chaos.workload;
