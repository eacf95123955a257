/** The harness: what measures and breaks a cluster from outside. */
package io.quorate.chaos;
