/**
 * The agent's own port: its health and state, the files of sandboxes, and the executor API.
 *
 * <p>The main class starts it. Requests are taken on event loops and files are read on worker
 * threads; whatever changes the agent is handed to its core thread. It must never follow a link out
 * of a sandbox, nor answer an executor before what it said is on the disk.
 */
package io.quorate.agent.http;
