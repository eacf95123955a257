/** Reads what a run left behind and says whether the promises were kept. */
package io.quorate.chaos.check;
