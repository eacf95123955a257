/** What an agent was started with; read by all of its rooms, changed by none. */
package io.quorate.agent.flags;
