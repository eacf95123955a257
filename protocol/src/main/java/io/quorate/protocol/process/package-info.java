/** What the daemons have in common as processes. */
package io.quorate.protocol.process;
