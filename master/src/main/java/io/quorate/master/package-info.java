/** The master: one process of the quorum. {@link io.quorate.master.MasterMain} wires it. */
package io.quorate.master;
