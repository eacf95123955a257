/**
 * The rules of the house, as tests. {@link io.quorate.architecture.Rules} says who may import whom,
 * {@link io.quorate.architecture.PurityFence} what pure code must not do, and {@link
 * io.quorate.architecture.HouseRules} how packages, files, methods and names look. Each rule is
 * also run against code that breaks it in each form, so that a rule that cannot fail is found out.
 * These tests read sources and class files and start nothing; nobody may call them.
 */
package io.quorate.architecture;
