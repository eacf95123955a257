/** The harm that is done to a cluster, always healed in the end. */
package io.quorate.chaos.nemesis;
