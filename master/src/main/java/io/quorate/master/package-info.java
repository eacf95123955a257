/** The master: one process of the quorum. {@link io.quorate.master.Main} wires it. */
package io.quorate.master;
