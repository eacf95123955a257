/**
 * What a framework author uses: a client of the v1 scheduler API that follows the leader. Needs no
 * server stack; callbacks come one at a time on a thread of the client's.
 */
package io.quorate.driver;
