/**
 * The ids and keys of what the masters know: small values, ordered, and compared by value.
 *
 * <p>Any package of the master may use them, from any thread. An id only names something. It says
 * nothing about whether that exists, and it never looks anything up.
 */
package io.quorate.master.state.id;
