/**
 * A cluster whose nodes are machines of their own: containers, or network namespaces, each with an
 * address and a directory.
 */
package io.quorate.chaos.cluster;
