/** Tasks as processes: sandboxes, the supervisor, signals, exit statuses. */
package io.quorate.agent.task;
