/**
 * The files of sandboxes, for whoever may see them (Mesos 4.8, 6.3): lists, parts of files, whole
 * files.
 *
 * <p>The HTTP faces call it on threads that may wait for a disk, never on an event loop. It must
 * never follow a link out of the sandbox that it was found in, nor open what is no regular file.
 */
package io.quorate.agent.files;
