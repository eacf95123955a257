/** The rules, one sentence per test, in given/when/then. */
package io.quorate.master.decide;
