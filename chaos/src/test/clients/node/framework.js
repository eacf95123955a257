"use strict";
// usage: node framework.js host:port[,host:port...] tasks seconds
//
// A framework on the npm package mesos-framework: launches that many shell tasks, each of that
// many seconds, and prints one line for whatever it is told. Exit status 0: every task finished.
//
// The library knows one master at a time and does not notice a stream that breaks off. What an
// application can do about it is done here: take the next address and subscribe again with the
// same object, which keeps the framework id and asks about its tasks.
const { Scheduler, Mesos } = require("mesos-framework");

const masters = process.argv[2].split(",").map((each) => each.split(":"));
const tasks = Number(process.argv[3]);
const seconds = Number(process.argv[4]);
const RETRY_MILLIS = 300;
const mesos = Mesos.getMesos();
const finished = new Set();
let next = 0;
let over = false;

const scheduler = new Scheduler({
  masterUrl: masters[0][0],
  port: masters[0][1],
  frameworkName: "client-node",
  frameworkFailoverTimeout: 120,
  masterConnectionTimeout: 60,
  logging: { level: "error" },
  restartStates: [],
  tasks: {
    work: {
      priority: 1,
      instances: tasks,
      commandInfo: new mesos.CommandInfo(null, null, true, `sleep ${seconds}`, null, null),
      resources: { cpus: 0.1, mem: 32, ports: 0, disk: 0 },
    },
  },
});

const subscribeOnce = scheduler.subscribe;
scheduler.subscribe = function () {
  subscribeOnce.call(this);
  const request = this.httpRequest;
  request.once("close", () => {
    if (over || request !== this.httpRequest) return; // a redirect was followed
    console.log("lost");
    setTimeout(() => {
      if (request !== this.httpRequest) return;
      next = (next + 1) % masters.length;
      [this.options.masterUrl, this.options.port] = masters[next];
      this.mesosStreamId = undefined;
      this.generateRequestTemplate();
      this.subscribe();
    }, RETRY_MILLIS);
  });
};

function end(status) {
  if (over) return;
  over = true;
  scheduler.once("sent_teardown", () => process.exit(status));
  scheduler.teardown();
}

scheduler.on("ready", () => scheduler.subscribe());
scheduler.on("error", (e) => console.log(`error ${e.message}`));
scheduler.on("subscribed", (to) => console.log(`subscribed ${to.frameworkId}`));
scheduler.on("update", ({ status }) => {
  console.log(`update ${status.task_id.value} ${status.state}`);
  if (status.state === "TASK_FINISHED") finished.add(status.task_id.value);
  if (!["TASK_STAGING", "TASK_STARTING", "TASK_RUNNING", "TASK_FINISHED"].includes(status.state)) end(1);
  if (finished.size === tasks) end(0);
});
