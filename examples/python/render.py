#!/usr/bin/env python3
"""An executor over plain HTTP, with nothing but Python's own library.

Each task draws a thumbnail of one page, whose address is the task's data: a grey bar for each line. It sends a message to
the scheduler: the page, and the file of the picture in the sandbox. An agent starts it, and sets MESOS_* in its environment.
"""

import base64
import http.client
import json
import os
import re
import struct
import sys
import time
import urllib.request
import uuid
import zlib

WIDTH, HEIGHT = 96, 64


class Executor:
    def __init__(self):
        self.agent = os.environ["MESOS_AGENT_ENDPOINT"]
        self.ids = {"framework_id": {"value": os.environ["MESOS_FRAMEWORK_ID"]},
                    "executor_id": {"value": os.environ["MESOS_EXECUTOR_ID"]}}
        # What the agent has not acknowledged is told again when it comes back.
        self.tasks = {}
        self.updates = {}

    def post(self, call):
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        token = os.environ.get("MESOS_EXECUTOR_AUTHENTICATION_TOKEN")
        if token:
            headers["Authorization"] = "Bearer " + token
        connection = http.client.HTTPConnection(self.agent)
        connection.request("POST", "/api/v1/executor", json.dumps({**self.ids, **call}), headers)
        return connection.getresponse()

    def send(self, call):
        try:
            self.post(call).read()
        except (OSError, http.client.HTTPException) as failure:
            print("not sent: %s" % failure, flush=True)

    def run(self):
        """Stays with its agent, and comes back to it for as long as MESOS_RECOVERY_TIMEOUT says at least."""
        lost = time.monotonic()
        while time.monotonic() - lost < 15 * 60:
            try:
                stream = self.post({"type": "SUBSCRIBE", "subscribe": {
                    "unacknowledged_tasks": list(self.tasks.values()),
                    "unacknowledged_updates": list(self.updates.values())}})
                # RecordIO: the length of an event in digits, a line feed, the event.
                length = stream.readline() if stream.status == 200 else b""
                while length:
                    lost = time.monotonic()
                    self.event(json.loads(stream.read(int(length))))
                    length = stream.readline()
            except (OSError, http.client.HTTPException) as failure:
                print("the agent is away: %s" % failure, flush=True)
            if os.environ.get("MESOS_CHECKPOINT") != "1":
                return
            time.sleep(0.2)

    def event(self, event):
        if event["type"] == "LAUNCH":
            task = event["launch"]["task"]
            self.tasks[task["task_id"]["value"]] = task
            self.update(task, "TASK_RUNNING")
            try:
                page = base64.b64decode(task["data"]).decode()
                data = page + "\n" + self.render(page, task["task_id"]["value"] + ".png")
                self.send({"type": "MESSAGE", "message": {
                    "data": base64.b64encode(data.encode()).decode()}})
                self.update(task, "TASK_FINISHED")
            except OSError as failure:
                self.update(task, "TASK_FAILED", str(failure))
        elif event["type"] == "ACKNOWLEDGED":
            self.updates.pop(event["acknowledged"]["uuid"], None)
            self.tasks.pop(event["acknowledged"]["task_id"]["value"], None)
        elif event["type"] == "SHUTDOWN":
            sys.exit(0)

    def update(self, task, state, message=""):
        number = base64.b64encode(uuid.uuid4().bytes).decode()
        self.updates[number] = {"status": {
            "task_id": task["task_id"], "state": state, "message": message, "uuid": number,
            "source": "SOURCE_EXECUTOR", "timestamp": time.time()}}
        self.send({"type": "UPDATE", "update": self.updates[number]})

    @staticmethod
    def render(page, name):
        with urllib.request.urlopen(page) as answer:
            lines = re.sub("<[^>]*>", "", answer.read().decode()).splitlines()
        rows = [bytearray(b"\xff" * WIDTH) for _ in range(HEIGHT)]
        for number, line in enumerate(lines[:HEIGHT // 4 - 1]):
            for row in rows[4 * number + 3:4 * number + 5]:
                row[4:4 + min(3 * len(line), WIDTH - 8)] = b"\x80" * min(3 * len(line), WIDTH - 8)
        pixels = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
        parts = [(b"IHDR", struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 0, 0, 0, 0)),
                 (b"IDAT", pixels), (b"IEND", b"")]
        path = os.path.join(os.environ["MESOS_SANDBOX"], name)
        with open(path, "wb") as picture:
            picture.write(b"\x89PNG\r\n\x1a\n")
            for kind, data in parts:
                picture.write(struct.pack(">I", len(data)) + kind + data
                              + struct.pack(">I", zlib.crc32(kind + data)))
        return path


if __name__ == "__main__":
    Executor().run()
