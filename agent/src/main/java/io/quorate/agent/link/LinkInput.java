package io.quorate.agent.link;

import io.quorate.protocol.agentlink.AgentEvent;

/**
 * What happens to a link, as its {@link LinkCore} is told of it. The number of a connection is the
 * one that {@link LinkAction.Subscribe} gave it; what concerns a connection that is over has no
 * effect, so that whoever drives the core need not look.
 */
public sealed interface LinkInput {
  /** The agent has recovered, and wants a link from now on. */
  record Started() implements LinkInput {}

  /**
   * A master answered the subscription of a connection.
   *
   * @param status the HTTP status; with 200 the stream of events follows
   * @param location the header Location; empty where there is none
   * @param linkId the header Quorate-Link-Id; empty where there is none
   * @param body the beginning of the body of any other answer than 200, for the log
   */
  record Answered(long connection, int status, String location, String linkId, String body)
      implements LinkInput {}

  /** Bytes came on the stream of a connection, whether they complete an event or not. */
  record Heard(long connection) implements LinkInput {}

  /** An event came on the stream of a connection. */
  record EventReceived(long connection, AgentEvent event) implements LinkInput {}

  /**
   * A connection could not be made, or came to its end.
   *
   * @param why a clause for the log
   */
  record Broken(long connection, String why) implements LinkInput {}

  /**
   * A master that was asked who leads has answered, or will not answer.
   *
   * @param location the header Location; empty where the master names nobody
   */
  record LeaderNamed(long connection, String location) implements LinkInput {}

  /**
   * The master answered a call on a link with another status than 202.
   *
   * @param linkId the link that the call was sent on
   */
  record CallNotTaken(String linkId, int status) implements LinkInput {}

  /** The agent itself gives up the link, because it cannot believe what came on it. */
  record Left(String why) implements LinkInput {}

  /** The time of the latest {@link LinkAction.SetTimer} has come. */
  record TimerDue() implements LinkInput {}
}
