/**
 * What the daemons have in common as processes of an operating system. Their main classes call it
 * once, when they start.
 */
package io.quorate.protocol.process;
