/**
 * The {@code quorate} command: git-like sub-commands for people and scripts. Sees masters and
 * agents only through their public HTTP faces and as processes.
 */
package io.quorate.cli;
