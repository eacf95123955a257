/** Metrics in the forms in which they leave a daemon. */
package io.quorate.protocol.metrics;
