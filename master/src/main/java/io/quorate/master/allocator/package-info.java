/**
 * Turns free resources into a proposal of offers: a pure function of a frozen state. The proposal
 * is a call like any other and is checked against the newer state when its turn comes.
 */
package io.quorate.master.allocator;
