/** Tests of the checkers: small histories, each kept or broken in one way. */
package io.quorate.chaos.check;
