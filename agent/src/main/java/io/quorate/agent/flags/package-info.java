/**
 * The agent's flags and the settings that they become.
 *
 * <p>The agent's main class reads the flags once, at its start; every other package may read the
 * settings, which are values that nobody changes and any thread may see. Nothing in here may look
 * at the machine while the agent runs.
 */
package io.quorate.agent.flags;
