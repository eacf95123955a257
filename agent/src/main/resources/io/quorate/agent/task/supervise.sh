#!/bin/sh
# Runs one task apart from the agent, so that it outlives it, and leaves its exit status in a file.
# usage: supervise.sh RUN SANDBOX COMMAND [ARGUMENT...]
# A file counts once its line is complete.
run=$1
sandbox=$2
shift 2
# A second start of the same task is none.
mkdir "$run/started" 2>/dev/null || exit 0
leave() {
  printf '%s\n' "$1" >"$run/exit"
  exit 0
}
cd "$sandbox" || leave 126
# A handler, not "ignore": what is ignored here could not be caught by the task. In the foreground, since a shell lets
# its background jobs ignore SIGINT. The session is the task's own, and its leader's pid stays through every exec.
trap : HUP INT TERM
# It enters its cgroups with the agent's rights, and only then takes those of its user.
# shellcheck disable=SC2016
setsid sh -c 'printf "%s\n" "$$" >"$0/task"
while read -r each; do printf "%s\n" "$$" >"$each" || exit 126; done <"$0/cgroups"
exec "$@"' "$run" "$@" >>stdout 2>>stderr </dev/null
leave "$?"
