/**
 * What all faces have in common that needs no I/O: what is asked and answered, one exchange with a
 * client, and the open event streams. The cores of the faces use it, and whoever drives them: the
 * server on real connections, the simulator on simulated ones. All of one face happens on one
 * thread. It must never see a socket, a clock or a thread.
 */
package io.quorate.master.http.face;
