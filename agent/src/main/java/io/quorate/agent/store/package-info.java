/**
 * The agent's journal on disk: records, each synced before it is acted on. The agent's core uses it
 * on its thread only. It must never interpret a record; that is the part of {@link
 * io.quorate.agent.apply}.
 */
package io.quorate.agent.store;
