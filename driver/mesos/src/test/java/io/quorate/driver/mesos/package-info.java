/** The drop-in beside the original. */
package io.quorate.driver.mesos;
