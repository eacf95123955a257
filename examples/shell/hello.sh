#!/bin/sh
# One task that says hello, over plain HTTP and JSON, with curl, sed and head.
#
#     hello.sh 127.0.0.1:5050,127.0.0.1:5051,127.0.0.1:5052
#
# It survives the loss of any master: whoever leads next knows all that was done.
set -u
[ $# -eq 1 ] || {
  echo 'usage: hello.sh host:port[,host:port...]' >&2
  exit 2
}
work=$(mktemp -d)
trap 'kill "${stream:-}" 2>/dev/null; rm -rf "$work"' EXIT
tries=1
task=shell-$tries
framework=
mkfifo "$work/events"

# The value of the first field of this name, of an id or a text.
field() {
  printf '%s' "$2" | sed -n 's/.*"'"$1"'":{*\("value":\)*"\([^"]*\)".*/\2/p'
}

send() {
  curl -s -m 30 -o /dev/null -w '%{http_code}\n' -H 'Content-Type: application/json' \
    -H "Mesos-Stream-Id: $stream_id" -d "$1" "http://$leader/api/v1/scheduler"
}

launch() {
  id='"framework_id":{"value":"'$framework'"}'
  offer=$(printf '%s' "$1" | sed 's/.*"offers":\[{//')
  # Each is taken from the first offer: what comes after its own resources is cut off.
  offer_id=$(printf '%s' "$1" | grep -o '"id":{"value":"[^"]*"}' | head -n 1)
  agent=$(printf '%s' "$offer" | grep -o '"agent_id":{"value":"[^"]*"}' | head -n 1)
  # An ACCEPT that is repeated as it was is done once; so the first one is kept.
  [ -f "$work/accept" ] || printf '%s' '{"type":"ACCEPT",'"$id"',"accept":{"offer_ids":[{'"${offer_id#\"id\":\{}"'],
    "operations":[{"type":"LAUNCH","launch":{"task_infos":[{"name":"hello","task_id":{"value":"'"$task"'"},'"$agent"',
    "command":{"value":"echo hello from the shell"},"resources":[
      {"name":"cpus","type":"SCALAR","scalar":{"value":0.1}},{"name":"mem","type":"SCALAR","scalar":{"value":32}}]}]}}]}}' >"$work/accept"
  accept
}

accept() {
  if [ "$(send "@$work/accept")" = 202 ]; then touch "$work/accepted"; fi
}

updated() {
  state=$(field state "$1")
  agent=$(printf '%s' "$1" | grep -o '"agent_id":{"value":"[^"]*"}' | head -n 1)
  uuid=$(printf '%s' "$1" | grep -o '"uuid":"[^"]*"' | head -n 1)
  if [ -n "$uuid" ]; then
    send '{"type":"ACKNOWLEDGE","framework_id":{"value":"'"$framework"'"},"acknowledge":{'"$agent"','"$(printf '%s' "$1" | grep -o '"task_id":{"value":"[^"]*"}' | head -n 1)"','"$uuid"'}}' >"$work/status"
  fi
  echo "$task $state"
  case $1 in *"\"value\":\"$task\""*) ;; *) return ;; esac
  case $state in
    TASK_FINISHED)
      send '{"type":"TEARDOWN","framework_id":{"value":"'"$framework"'"}}' >"$work/status"
      exit 0
      ;;
    TASK_FAILED | TASK_ERROR | TASK_LOST)
      # It is run once more, under the next id.
      tries=$((tries + 1))
      task=shell-$tries
      rm -f "$work/accept" "$work/accepted"
      ;;
  esac
}

event() {
  case $(field type "$(printf '%s' "$1" | grep -o '"type":"[A-Z_]*"' | head -n 1)") in
    SUBSCRIBED)
      framework=$(printf '%s' "$1" | sed -n 's/.*"framework_id":{"value":"\([^"]*\)"}.*/\1/p')
      if [ -f "$work/accept" ] && [ ! -f "$work/accepted" ]; then accept; fi
      ;;
    OFFERS) [ -f "$work/accepted" ] || launch "$1" ;;
    UPDATE) updated "$1" ;;
  esac
}

# Subscribes at one master and reads its stream to the end; -L follows a redirect to the leader.
subscribe() {
  info='"user":"'$(id -un)'","name":"hello in the shell","failover_timeout":60,"checkpoint":true'
  call='"subscribe":{"framework_info":{'$info'}}'
  if [ -n "$framework" ]; then
    call='"framework_id":{"value":"'$framework'"},"subscribe":{"framework_info":{"id":{"value":"'$framework'"},'$info'}}'
  fi
  curl -sN --location-trusted -D "$work/head" -H 'Content-Type: application/json' -H 'Accept: application/json' \
    -d '{"type":"SUBSCRIBE",'"$call"'}' "http://$1/api/v1/scheduler" >"$work/events" &
  stream=$!
  # RecordIO: the length of an event in digits, a line feed, the event.
  while read -r length && [ -n "$length" ] && [ "$length" -gt 0 ] 2>/dev/null; do
    leader=$(sed -n 's,^[Ll]ocation: *\(http:\)*//\([^/]*\)/.*,\2,p' "$work/head" | tail -n 1)
    leader=${leader:-$1}
    stream_id=$(sed -n 's/^[Mm]esos-[Ss]tream-[Ii]d: *\([^[:cntrl:]]*\).*/\1/p' "$work/head" | tail -n 1)
    event "$(head -c "$length")"
  done <"$work/events"
  kill "$stream" 2>/dev/null
}

while :; do
  for master in $(echo "$1" | tr ',' ' '); do
    subscribe "$master"
    sleep 0.2
  done
done
