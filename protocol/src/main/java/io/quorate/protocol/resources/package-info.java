/** Exact arithmetic over Mesos resources, their validation and their text form. Pure values. */
package io.quorate.protocol.resources;
