/** Runs the examples against a real quorum, whose leader is killed meanwhile. */
package io.quorate.examples;
