#!/usr/bin/env bash
# The planted bug of canary_fuzz.cpp is found, reported, made small, saved, and shown again by the replay binary; and
# nothing of it is lost, or goes on, when a run is interrupted or killed.
#
#   canary_test.sh RUN_SH BINARIES      BINARIES: the folder of canary_fuzz and canary_replay
set -uo pipefail

run_sh=$1 binaries=$2
out=$(mktemp -d)
crashes=$out/fuzz-crashes/canary
trap 'end_ours; rm -rf "$out"' EXIT
fail() {
  printf '%s\n' "$*"
  cat "$out/said" "$crashes/log" 2>/dev/null | tail -40
  exit 1
}
ours() { # the processes of this test's runs: all of them have the folder among their arguments
  local process
  for process in /proc/[0-9]*; do
    if tr '\0' '\n' 2>/dev/null <"$process/cmdline" | grep -qF "$out"; then echo "${process#/proc/}"; fi
  done 2>/dev/null
}
end_ours() {
  local process
  for process in $(ours); do kill -KILL "$process" 2>/dev/null; done
}
until_so() { # until_so SECONDS COMMAND...: waits for it to succeed, but not for ever
  local tenth
  for ((tenth = 0; tenth < $1 * 10; tenth++)); do
    if "${@:2}"; then return; fi
    sleep 0.1
  done
  return 1
}
smallest() { find "$1" -name 'crash-*' -printf '%s %p\n' | sort -n | head -1 | cut -d' ' -f2-; }
is_found() { [[ $(find "$crashes/new" -name 'crash-*' 2>/dev/null) ]]; }
is_gone() { ! kill -0 "$running" 2>/dev/null; }
are_gone() { [[ -z $(ours) ]]; }
start() { # start BINARIES TARGET...: a run that finds something soon and goes on for long
  # With job control, since what is started in the background without it ignores SIGINT.
  set -m
  TMPDIR=$out/temporary bash "$run_sh" fuzz "$1" "$out" 1200 1 "${@:2}" 2>"$out/said" &
  set +m
  running=$!
  until_so 300 is_found || fail "a run does not save what it finds at once"
}
interrupt() { # interrupt BINARIES
  local code left kept
  start "$1" canary missing
  kill -INT "$running"
  until_so 300 is_gone || fail "a run goes on behind an interrupt"
  left=$(ours)
  wait "$running"
  code=$?
  [[ $code == 130 ]] || fail "an interrupted run exits with $code"
  [[ -z $left ]] || fail "an interrupted run leaves processes: $left"
  if grep -q missing "$out/said"; then fail "an interrupted run goes on with the next target"; fi
  [[ -z $(ls -A "$out/temporary") ]] || fail "an interrupted run leaves temporary files"
  if is_found; then fail "an interrupted run leaves its findings to the next"; fi
  kept=$(sed -n 's/.*canary: found .* kept: \([^ ]*\) .*/\1/p' "$out/said")
  [[ $kept && -f $crashes/$kept ]] || fail "an interrupted run does not say what it found"
}
stand_in() { # stand_in FOLDER LINE...: a canary_fuzz that is a shell script
  mkdir "$1"
  printf '%s\n' '#!/bin/sh' "${@:2}" >"$1/canary_fuzz"
  chmod +x "$1/canary_fuzz"
}

bash "$run_sh" fuzz "$binaries" "$out" 10 1 canary 2>"$out/said"
[[ $? == 1 ]] || fail "a run that finds something exits with 1"
found=$(smallest "$crashes")
[[ -f $found ]] || fail "no reproducer was saved"
grep -q "canary: found .*$(basename "$found") " "$out/said" || fail "the finding was not reported"
printf 'bug!' | cmp -s - "$found" || fail "no reproducer is as small as it could be: $(od -c "$found")"

"$binaries/canary_replay" "$found" 2>"$out/replayed" && fail "the reproducer does not show the bug again"
grep -q "$(basename "$found")" "$out/replayed" || fail "the replay does not say which input it was"
grep -q 'heap-buffer-overflow' "$out/replayed" || fail "the replay does not report what it was"
printf 'bug?' >"$out/harmless"
"$binaries/canary_replay" "$out/harmless" 2>/dev/null || fail "a harmless input fails"
"$binaries/canary_replay" "$out/nothing" 2>/dev/null && fail "an empty corpus passes"

mkdir "$out/temporary"
interrupt "$binaries"
# Of libFuzzer what is left would end before long, since its temporary folder is gone.
stand_in "$out/deaf" 'trap "" TERM' "echo found >'$crashes/new/crash-deaf'" '(while :; do sleep 1; done) &' wait
interrupt "$out/deaf"

start "$binaries" canary
kill -KILL "$running"
wait "$running" 2>/dev/null
end_ours
until_so 300 are_gone || fail "processes that cannot be killed: $(ours)"
left=$(find "$crashes/new" -type f | wc -l)
kept=$crashes/crash-$(sha1sum <"$(smallest "$crashes/new")" | cut -c1-16)
# Taken up by a canary that finds nothing itself.
stand_in "$out/quiet" 'echo "#1: cov: 1"'
bash "$run_sh" fuzz "$out/quiet" "$out" 1 1 missing canary 2>"$out/said"
[[ $? == 3 ]] || fail "a run with a target that does not run exits with 3"
grep -q 'missing did not run' "$out/said" || fail "a target that does not run was not reported"
grep -q "canary: found $left times" "$out/said" || fail "the $left inputs that a killed run had found were not reported"
[[ -f $kept ]] || fail "what a killed run had found was not kept"
bash "$run_sh" fuzz "$out/quiet" "$out" 1 1 canary 2>"$out/said" || fail "what earlier runs have found is found again"
printf 'found, minimised, saved, replayed; kept when interrupted and when killed\n'
