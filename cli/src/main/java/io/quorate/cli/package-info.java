/**
 * The {@code quorate} command: a sub-command for each thing that people and scripts do. Each is one
 * process that ends; nobody calls this package but the launcher and tests.
 *
 * <p>It must never see more of masters and agents than their public HTTP faces and their processes.
 * Wrong usage is told before anything is started, and ends with status 2.
 */
package io.quorate.cli;
