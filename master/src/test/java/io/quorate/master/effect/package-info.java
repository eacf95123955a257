/** Tests of what the world is told. */
package io.quorate.master.effect;
