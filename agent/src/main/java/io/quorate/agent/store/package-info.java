/** What an agent must not forget, on disk. Used by the core thread only. */
package io.quorate.agent.store;
