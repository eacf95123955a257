#!/bin/sh
# Runs one task apart from the agent, so that it outlives it, and leaves its exit status in a file.
# usage: supervise.sh RUN SANDBOX COMMAND [ARGUMENT...]
run=$1
sandbox=$2
shift 2
# A second start of the same task is none.
mkdir "$run/started" 2>/dev/null || exit 0
# Signals are for the task, which has a session of its own.
trap '' HUP INT TERM
leave() {
  printf '%s\n' "$1" >"$run/exit.next" && mv "$run/exit.next" "$run/exit"
  exit 0
}
cd "$sandbox" || leave 126
setsid "$@" >>stdout 2>>stderr </dev/null &
task=$!
printf '%s\n' "$task" >"$run/task.next" && mv "$run/task.next" "$run/task"
wait "$task"
leave "$?"
