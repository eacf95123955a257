package io.quorate.chaos.check.promise;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.check.evidence.CallHistory;
import io.quorate.chaos.check.evidence.CommittedLog;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.history.Diary;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.history.Op;
import io.quorate.chaos.history.RunDirectory;
import io.quorate.chaos.history.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A run told line by line, a hundredth of a second apart. JSON may have single quotes. The methods
 * at the end tell whole scenes of a healthy run of the launch workload.
 */
public final class Story {
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_SINGLE_QUOTES).build();
  private static final long STEP = 10_000_000;

  private final List<Op> history = new ArrayList<>();
  private final List<Sample> samples = new ArrayList<>();
  private final List<Diary> diary = new ArrayList<>();
  private final List<JsonNode> log = new ArrayList<>();
  private final Map<String, Long> open = new HashMap<>();
  private final ObjectNode options = Json.object();
  private final ArrayNode nemeses = MAPPER.createArrayNode();
  private JsonNode end = MissingNode.getInstance();
  private long time;
  private long index = 1;
  private long id;

  static JsonNode json(String text) {
    try {
      return MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private Story op(String process, Op.Type type, String f, String key, String value, long opId) {
    time += STEP;
    history.add(new Op(time, process, type, f, key, json(value), opId, ""));
    return this;
  }

  Story passing(double seconds) {
    time += (long) (seconds * 1e9);
    return this;
  }

  Story invoke(String process, String f, String key, String value) {
    open.put(process + f + key, ++id);
    return op(process, Op.Type.INVOKE, f, key, value, id);
  }

  Story ok(String process, String f, String key, String value) {
    return op(process, Op.Type.OK, f, key, value, open.remove(process + f + key));
  }

  Story fail(String process, String f, String key) {
    return op(process, Op.Type.FAIL, f, key, "null", open.remove(process + f + key));
  }

  Story info(String process, String f, String key) {
    return op(process, Op.Type.INFO, f, key, "null", open.remove(process + f + key));
  }

  /** Asked and answered. */
  Story done(String process, String f, String key, String value) {
    return invoke(process, f, key, value).ok(process, f, key, value);
  }

  Story read(String process, String key, String value) {
    return invoke(process, "read", key, "null").ok(process, "read", key, value);
  }

  Story event(String process, String f, String key, String value) {
    return op(process, Op.Type.EVENT, f, key, value, 0);
  }

  Story nemesis(String f, String phase, String what) {
    return op(
        Op.NEMESIS,
        Op.Type.INFO,
        f,
        "",
        "{'phase':'" + phase + "','what':'" + what + "','strike':1}",
        0);
  }

  Story healed() {
    return op(Op.NEMESIS, Op.Type.INFO, "healed", "", "null", 0);
  }

  Story sample(String master, long term, boolean serving, long applied, String hash) {
    time += STEP;
    samples.add(
        new Sample(time, master, true, true, term, serving, applied, applied, hash, "d" + hash));
    return this;
  }

  Story diary(String agent, String task, String what) {
    time += STEP;
    diary.add(new Diary(time, agent, task, what, 77));
    return this;
  }

  /** An entry of one call. */
  public Story entry(String call, String... events) {
    ObjectNode entry = Json.object().put("index", ++index);
    ObjectNode record = Json.object();
    record.set("call", json(call));
    ArrayNode all = record.putArray("events");
    for (String event : events) {
      all.add(json(event));
    }
    entry.putObject("entry").putArray("records").add(record);
    log.add(entry);
    return this;
  }

  /** An entry without more. */
  public Story log(String... events) {
    return entry("{}", events);
  }

  /** Indexes that no entry has. */
  Story skipping(long indexes) {
    index += indexes;
    return this;
  }

  /** The log loses what came so far. */
  Story hole() {
    log.clear();
    index += 1000;
    return this;
  }

  Story option(String name, double value) {
    options.put(name, value);
    return this;
  }

  Story end(String with) {
    end = json(with);
    return this;
  }

  Story without(String field) {
    ((ObjectNode) end).remove(field);
    return this;
  }

  Story with(String field, String value) {
    ((ObjectNode) end).set(field, json(value));
    return this;
  }

  public Evidence evidence() {
    return new Evidence(
        new CallHistory(history), samples, diary, new CommittedLog(log), run(), end);
  }

  private ObjectNode run() {
    ObjectNode run = Json.object();
    run.set("options", options);
    run.set("nemeses", nemeses);
    return run;
  }

  /** A nemesis was to strike. */
  Story under(String nemesis) {
    nemeses.add(nemesis);
    return this;
  }

  public void write(RunDirectory run) {
    Json.writeLines(run.path().resolve("history.jsonl"), history);
    Json.writeLines(run.path().resolve("status.jsonl"), samples);
    Json.writeLines(run.path().resolve("diary.jsonl"), diary);
    Json.writeLines(run.path().resolve("log.jsonl"), log);
    run.write("run.json", run());
    run.write("end.json", end);
  }

  // -- Scenes -----------------------------------------------------------------------------------

  /** A leader, one framework of role web, one agent of 4 cpus, and two masters that agree. */
  public static Story begun() {
    return new Story()
        .log("{'leader_elected':{'term':1}}")
        .sample("master0", 1, true, 2, "aa")
        .sample("master0", 1, true, 2, "aa")
        .sample("master1", 1, false, 2, "aa")
        .log("{'framework_subscribed':{'framework_id':'F0'}}")
        .event("client0", "subscribed", "F0", "{'master':'master0'}")
        .event("client0", "wants", "", "true")
        .log(
            "{'agent_registered':{'agent_id':'A0','agent_info':{'resources':["
                + cpus(4)
                + ",{'name':'ports','ranges':{'range':[{'begin':31000,'end':31002}]}}]}}}");
  }

  static String cpus(double count) {
    return "{'name':'cpus','type':'SCALAR','scalar':{'value':" + count + "}}";
  }

  static String offer(String offer, String resources) {
    return "{'offer_extended':{'offer_id':'"
        + offer
        + "','framework_id':'F0','agent_id':'A0','role':'web','resources':["
        + resources
        + "]}}";
  }

  Story offered(String offer) {
    return log(offer(offer, cpus(4))).event("client0", "offer", offer, "{'agent':'A0','cpus':4}");
  }

  static String launched(String task, double cpus) {
    return "{'task_launched':{'framework_id':'F0','task_info':{'task_id':{'value':'"
        + task
        + "'},'agent_id':{'value':'A0'},'resources':["
        + cpus(cpus).replace("}}", "},'allocation_info':{'role':'web'}}")
        + "]}}}";
  }

  static String accepted(String offer) {
    return "{'offer_accepted':{'offer_id':'" + offer + "'}}";
  }

  public static String accept(String offer, String task) {
    return "{'scheduler':{'call':{'type':'ACCEPT','framework_id':{'value':'F0'},'accept':"
        + "{'offer_ids':[{'value':'"
        + offer
        + "'}],'operations':[{'launch':'"
        + task
        + "'}]}}}}";
  }

  Story launch(String offer, String task) {
    return invoke("client0", "accept", offer, "{'tasks':['" + task + "']}")
        .invoke("client0", "launch", task, "{'offer':'" + offer + "','agent':'A0'}")
        .entry(accept(offer, task), accepted(offer), launched(task, 1))
        .ok("client0", "launch", task, "null")
        .ok("client0", "accept", offer, "null");
  }

  static String updated(String task, String state, String uuid) {
    return "{'task_status_updated':{'framework_id':'F0','latest_state':'"
        + state
        + "','status':{'task_id':{'value':'"
        + task
        + "'},'state':'"
        + state
        + "','uuid':'"
        + uuid
        + "'}}}";
  }

  /** The client is told. */
  public Story told(String task, String state, String uuid) {
    return event(
        "client0",
        "update",
        task,
        "{'state':'" + state + "','uuid':'" + uuid + "','source':'SOURCE_EXECUTOR'}");
  }

  Story acknowledge(String task, String uuid) {
    return event("client0", "acknowledged", task, "{'uuid':'" + uuid + "'}")
        .log(
            "{'task_status_acknowledged':{'framework_id':'F0','agent_id':'A0','task_id':'"
                + task
                + "','uuid':'"
                + uuid
                + "'}}");
  }

  Story update(String task, String state, String uuid) {
    return log(updated(task, state, uuid)).told(task, state, uuid).acknowledge(task, uuid);
  }

  Story runs(String task) {
    return diary("agent0", task, "start").update(task, "TASK_RUNNING", task + "-running");
  }

  Story finishes(String task) {
    return diary("agent0", task, "end").update(task, "TASK_FINISHED", task + "-finished");
  }

  public Story lives(String offer, String task) {
    return offered(offer).launch(offer, task).runs(task).finishes(task);
  }

  /** One RECONCILE of a task, answered. */
  Story reconciles(String task, String state) {
    return invoke("client0", "reconcile", "", "{'tasks':['" + task + "']}")
        .log("{'tasks_reconciled':{'framework_id':'F0','tasks':[{'task_id':'" + task + "'}]}}")
        .ok("client0", "reconcile", "", "null")
        .answered(task, state);
  }

  Story answered(String task, String state) {
    return event(
        "client0",
        "update",
        task,
        "{'state':'" + state + "','reason':'REASON_RECONCILIATION','source':'SOURCE_MASTER'}");
  }

  /** The answer names its index. */
  Story answeredFrom(long at, String task, String state) {
    return event(
        "client0",
        "update",
        task,
        "{'state':'" + state + "','reason':'REASON_RECONCILIATION','index':" + at + "}");
  }

  /** A strike, healing, a launch after it, and the end of all. */
  public Story wound() {
    return nemesis("kill", "start", "master0")
        .passing(1)
        .nemesis("kill", "stop", "")
        .healed()
        .lives("O99", "t99")
        .passing(40)
        .event("client0", "wants", "", "false")
        .end(
            "{'masters':{'master0':{'chain_hash':'ff','state_digest':'ff','applied':50},"
                + "'master1':{'chain_hash':'ff','state_digest':'ff','applied':50}},"
                + "'processes':{'agent0':[]},'exited':[],'open_streams':0,"
                + "'state':{'frameworks':[{'offers':[],'tasks':[]}],"
                + "'slaves':[{'hostname':'agent0','reserved_resources':{}}]}}");
  }

  /** Over, and nothing happened. */
  Story ended() {
    return healed().end("{'processes':{'agent0':[]},'exited':[],'open_streams':0,'state':{}}");
  }

  /** All in order. */
  public static Story healthy() {
    return begun()
        .log("{'quotas_updated':{'quotas':[{'role':'web','limits':{'cpus':{'value':8}}}]}}")
        .offered("O1")
        .launch("O1", "t1")
        .runs("t1")
        .reconciles("t1", "TASK_RUNNING")
        .finishes("t1")
        .wound();
  }
}
