/**
 * From what a task says of its container to the body of the Engine API's call that creates it
 * (Mesos 4.9): the fields of {@code ContainerInfo}, and the flags of {@code docker run} as its
 * parameters. The launcher of the package above calls it, on any thread. It is pure: it looks at no
 * file and asks no daemon, and it must never drop what it does not know.
 */
package io.quorate.agent.docker.request;
