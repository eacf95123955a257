/** The two kinds of machines, which must not differ in what a test can see. */
package io.quorate.chaos.cluster;
