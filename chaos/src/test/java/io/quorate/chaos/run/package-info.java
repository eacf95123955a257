/** Runs of the harness as tests. */
package io.quorate.chaos.run;
