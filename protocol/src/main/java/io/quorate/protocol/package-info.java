/** The ground of all modules: Mesos's messages, names and rules that need no state. Pure. */
package io.quorate.protocol;
