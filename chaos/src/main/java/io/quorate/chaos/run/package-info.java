/** One run of the harness, from the making of the cluster to the verdicts. */
package io.quorate.chaos.run;
