/** Removes the sandboxes of what ended long ago (Mesos 4.8), on a thread of its own. */
package io.quorate.agent.gc;
