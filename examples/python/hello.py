#!/usr/bin/env python3
"""Ten tasks that say hello, over plain HTTP and JSON, with nothing but Python's own library.

    hello.py 127.0.0.1:5050,127.0.0.1:5051,127.0.0.1:5052

It survives the loss of any master: whoever leads next knows all that was done.
"""

import getpass
import http.client
import json
import sys
import time

TASKS = 10


class Scheduler:
    def __init__(self, masters):
        self.masters = masters
        self.leader = masters[0]
        self.stream_id = ""
        self.framework_id = None
        self.waiting = ["python-%d" % (i + 1) for i in range(TASKS)]
        self.launched = set()
        self.finished = 0
        # Calls whose outcome is not known: they are sent again as they were, and recognised if they were done.
        self.unknown = []

    def post(self, master, call, **headers):
        """Sends one call; returns the connection and the head of the answer."""
        connection = http.client.HTTPConnection(master, timeout=60)
        headers = {"Content-Type": "application/json", "Accept": "application/json",
                   **{name.replace("_", "-"): value for name, value in headers.items()}}
        connection.request("POST", "/api/v1/scheduler", json.dumps(call), headers)
        return connection, connection.getresponse()

    def send(self, call):
        call["framework_id"] = self.framework_id
        try:
            connection, answer = self.post(self.leader, call, Mesos_Stream_Id=self.stream_id)
            text = answer.read().decode()
            connection.close()
            if answer.status in (307, 404, 503):
                self.unknown.append(call)
            elif answer.status != 202:
                print("refused: %d %s" % (answer.status, text), flush=True)
        except (OSError, http.client.HTTPException):
            self.unknown.append(call)

    def subscribe(self):
        """Yields the events of one stream, until it breaks."""
        info = {"user": getpass.getuser(), "name": "hello in Python", "failover_timeout": 60,
                "checkpoint": True}
        call = {"type": "SUBSCRIBE", "subscribe": {"framework_info": info}}
        if self.framework_id:
            info["id"] = call["framework_id"] = self.framework_id
        connection, stream = self.post(self.leader, call)
        try:
            if stream.status == 307:
                # A follower names the leader, as in //host:port/api/v1/scheduler.
                self.leader = stream.getheader("Location").split("//")[1].split("/")[0]
                return
            if stream.status != 200:
                raise OSError("%d %s" % (stream.status, stream.read().decode()))
            self.stream_id = stream.getheader("Mesos-Stream-Id")
            while True:
                # RecordIO: the length of an event in digits, a line feed, the event.
                length = stream.readline()
                if not length:
                    raise OSError("the stream ended")
                yield json.loads(stream.read(int(length)))
        finally:
            connection.close()

    def run(self):
        attempt = 0
        while self.finished < TASKS:
            try:
                for event in self.subscribe():
                    self.event(event)
                    if self.finished == TASKS:
                        break
            except (OSError, http.client.HTTPException) as failure:
                attempt += 1
                self.leader = self.masters[attempt % len(self.masters)]
                print("%s; next is %s" % (failure, self.leader), flush=True)
                time.sleep(0.1)

    def event(self, event):
        kind = event["type"]
        if kind == "SUBSCRIBED":
            self.framework_id = event["subscribed"]["framework_id"]
            again, self.unknown = self.unknown, []
            for call in again:
                self.send(call)
        elif kind == "OFFERS":
            for offer in event["offers"]["offers"]:
                self.offered(offer)
        elif kind == "UPDATE":
            self.updated(event["update"]["status"])
        elif kind == "ERROR":
            sys.exit(event["error"]["message"])

    def offered(self, offer):
        room = {resource["name"]: resource["scalar"]["value"]
                for resource in offer["resources"] if resource["type"] == "SCALAR"}
        tasks = []
        while self.waiting and room.get("cpus", 0) >= 0.1 and room.get("mem", 0) >= 32:
            room["cpus"] -= 0.1
            room["mem"] -= 32
            task_id = self.waiting.pop(0)
            self.launched.add(task_id)
            tasks.append({
                "name": "hello", "task_id": {"value": task_id}, "agent_id": offer["agent_id"],
                "command": {"value": "echo hello from $MESOS_TASK_ID; sleep 1"},
                "resources": [
                    {"name": "cpus", "type": "SCALAR", "scalar": {"value": 0.1}},
                    {"name": "mem", "type": "SCALAR", "scalar": {"value": 32}}]})
        if tasks:
            self.send({"type": "ACCEPT", "accept": {
                "offer_ids": [offer["id"]],
                "operations": [{"type": "LAUNCH", "launch": {"task_infos": tasks}}]}})
        else:
            self.send({"type": "DECLINE", "decline": {
                "offer_ids": [offer["id"]], "filters": {"refuse_seconds": 5}}})

    def updated(self, status):
        task_id, state = status["task_id"]["value"], status["state"]
        if "uuid" in status:
            self.send({"type": "ACKNOWLEDGE", "acknowledge": {
                "agent_id": status["agent_id"], "task_id": status["task_id"],
                "uuid": status["uuid"]}})
        print(task_id, state, flush=True)
        over = state in ("TASK_FINISHED", "TASK_FAILED", "TASK_KILLED", "TASK_LOST", "TASK_ERROR")
        # An update may come more than once: only the first one counts.
        if over and task_id in self.launched:
            self.launched.remove(task_id)
            if state == "TASK_FINISHED":
                self.finished += 1
            else:
                self.waiting.append(task_id + "-again")
                self.send({"type": "REVIVE"})
        if self.finished == TASKS:
            self.send({"type": "TEARDOWN"})


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: hello.py host:port[,host:port...]")
    Scheduler(sys.argv[1].split(",")).run()
