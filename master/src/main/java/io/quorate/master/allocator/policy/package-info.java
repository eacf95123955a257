/**
 * In which order siblings of the role tree are served: what a cluster may have of its own. Rules
 * (quota, reservations, filters, capabilities) hold under any order.
 */
package io.quorate.master.allocator.policy;
