/**
 * What a client can see of Mesos, point by point, and which test shows that Quorate does the same.
 * The points, the stated differences and the open work are text files in the test resources; {@code
 * docs/conformance.md} is made from them and from the tests that cite a point in their name.
 */
package io.quorate.chaos.conformance;
