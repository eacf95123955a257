/** The report of a made-up run, looked at with a browser. */
package io.quorate.chaos.report;
