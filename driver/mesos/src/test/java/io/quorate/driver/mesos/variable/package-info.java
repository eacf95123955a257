/** Tests of the places for variables. */
package io.quorate.driver.mesos.variable;
