/**
 * What a run left behind, as checkers read it: calls and events of the clients' history, the
 * committed log, diaries of tasks and samples of masters. Only checkers call it. Everything here is
 * read once and used on one thread; nothing here uses the code of master or agent, because a
 * checker that did would share their mistakes.
 */
package io.quorate.chaos.check.evidence;
