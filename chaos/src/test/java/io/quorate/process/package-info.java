/** What only real processes show: a quorum, agents and frameworks, killed and started again. */
package io.quorate.process;
