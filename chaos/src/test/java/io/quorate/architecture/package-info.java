/**
 * The import rules of the house, as tests. {@link io.quorate.architecture.Rules} says what is
 * allowed, {@link io.quorate.architecture.ArchitectureTest} holds the code to it, and the classes
 * under {@code fixture} break each rule once, so that a rule that cannot fail is found out.
 */
package io.quorate.architecture;
