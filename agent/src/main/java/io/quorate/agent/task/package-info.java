/**
 * Runs as processes: where their files and sandboxes are, their environment, their supervisor,
 * signals and exit statuses, and the directories of volumes. The agent's core calls it on its
 * thread; starting and sweeping is done on threads of its own. It must never decide anything.
 */
package io.quorate.agent.task;
