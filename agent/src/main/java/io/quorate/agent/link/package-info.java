/** The link to the leading master: found through any master, kept up, fenced by terms. */
package io.quorate.agent.link;
