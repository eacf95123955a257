/** The agent's own port: health, state, and the files of sandboxes. */
package io.quorate.agent.http;
