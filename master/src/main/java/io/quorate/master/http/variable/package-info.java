/**
 * The face of frameworks' variables: {@code /quorate/variables} (docs/variables.md). Called by the
 * master's server, on its event loop. Values are handed on as they are, and never logged.
 */
package io.quorate.master.http.variable;
