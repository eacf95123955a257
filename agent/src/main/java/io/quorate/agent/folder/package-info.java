/**
 * Folders that are held by a descriptor: what the agent reads, lists, makes and removes with its
 * own rights below a sandbox or a volume goes through here.
 *
 * <p>The files API, the garbage collector, the fetcher and the volumes call it, on threads that may
 * wait for a disk. It must never follow a link that a task can make, open what is no regular file,
 * or look a name up a second time: what was looked at is what is opened.
 */
package io.quorate.agent.folder;
