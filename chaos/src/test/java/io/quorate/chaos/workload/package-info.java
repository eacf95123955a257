/** Tests of the harness's own clients. They run in one process, against a server of the test's. */
package io.quorate.chaos.workload;
