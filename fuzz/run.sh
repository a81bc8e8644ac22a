#!/usr/bin/env bash
# Drives the fuzz targets once they are built; ./dev fuzz calls it.
#
#   run.sh fuzz BINARIES OUT SECONDS JOBS TARGET...   libFuzzer in fork mode over each target, the time shared among them:
#                      OUT/fuzz-corpus/<target>/ grows and is merged, OUT/fuzz-crashes/<target>/ gets minimised inputs.
#                      Meanwhile they are in new/ there: what a killed run has left is taken up by the next
#   run.sh rates BINARIES SECONDS TARGET...           a line `target executions/s` for each, from the tracked corpora
#   run.sh coverage BINARIES OUT [--grown]            which lines of engine/ the tracked corpora run, and whether enough
#
# BINARIES is the folder of <target>_fuzz, or of <target>_replay built with clang's coverage. Exit codes: 1 something was
# found, or too little is covered; 3 a target did not run (the others did); 130, 143, 129 `fuzz` was ended by SIGINT,
# SIGTERM, SIGHUP: what was found until then is kept, not all of it minimised.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")
readonly here root
readonly engine_lines_min=85          # percent
readonly minimise_seconds_max=10 minimised_max=3
readonly input_seconds_max=25 memory_mib_max=2048 input_bytes_max=8192
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:strict_string_checks=1:detect_stack_use_after_return=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-halt_on_error=1:print_stacktrace=1}

stopped='' # the exit code, once a signal came
TMPDIR=$(mktemp -d)
export TMPDIR # libFuzzer's, too
trap 'rm -rf "$TMPDIR"; [[ -z $stopped ]] || exit "$stopped"' EXIT

say() { printf 'fuzz: %s\n' "$*" >&2; }

tool() { # tool NAME: LLVM's, with or without a version behind its name
  local name
  for name in "$1" "$1-14" "$1-15" "$1-16"; do
    if command -v "$name" >/dev/null; then
      echo "$name"
      return
    fi
  done
  say "$1 is not installed"
  exit 3
}

options() { # options TARGET: what every run of a target is given
  printf '%s\n' "-timeout=$input_seconds_max" "-rss_limit_mb=$memory_mib_max" "-max_len=$input_bytes_max"
  if [[ -f $here/dictionaries/$1.dict ]]; then echo "-dict=$here/dictionaries/$1.dict"; fi
}

# A signal's trap. libFuzzer in fork mode waits for its children in system(), where SIGINT is ignored.
stop() { # stop EXIT_CODE
  local group tenth
  trap '' INT TERM HUP
  stopped=$1
  for group in $(jobs -pr); do
    # Asked first: who is just writing down a crash then does that to its end.
    kill -TERM -- "-$group" 2>/dev/null || true
    for ((tenth = 0; tenth < 30; tenth++)); do
      kill -0 -- "-$group" 2>/dev/null || break
      if ((tenth == 10)); then kill -KILL -- "-$group" 2>/dev/null || true; fi
      sleep 0.1
    done
  done
}

run_binary() { # run_binary COMMAND...: in a process group of its own, which stop() ends
  local code=0
  set -m
  "$@" </dev/null &
  set +m
  if [[ $stopped ]]; then stop "$stopped"; fi # it came before there was anything to end
  wait $! || code=$?
  return $code
}

# Makes what was found as small as it goes, and names it by its content, so that the same is there once.
minimise() { # minimise BINARY FOUND INTO: leaves the name in $name
  local small
  small=$(mktemp)
  run_binary "$1" -minimize_crash=1 -max_total_time=$minimise_seconds_max "-timeout=$input_seconds_max" \
    "-exact_artifact_path=$small" "$2" >/dev/null 2>&1 || true
  if [[ $stopped || ! -s $small ]]; then cp "$2" "$small"; fi
  name=$(basename "$2")
  name=${name%%-*}-$(sha1sum <"$small" | cut -c1-16)
  mv "$small" "$3/$name" && rm "$2"
}

# Returns 1 when something was found, 3 when the target did not run.
fuzz_one() { # fuzz_one BINARY OUT SECONDS JOBS TARGET
  local binary=$1 corpus=$2/fuzz-corpus/$5 crashes=$2/fuzz-crashes/$5 seconds=$3 jobs=$4 target=$5 found merged crash name
  local -a given folders kept=()
  mkdir -p "$corpus" "$crashes/new"
  mapfile -t given < <(options "$target")
  folders=("$corpus")
  for found in "$here/corpus/$target" "$here/regressions/$target"; do
    if [[ -d $found ]]; then folders+=("$found"); fi
  done
  say "$target for $seconds s, $jobs jobs"
  run_binary "$binary" "${given[@]}" "-fork=$jobs" -ignore_crashes=1 -ignore_timeouts=1 -ignore_ooms=1 \
    "-max_total_time=$seconds" "-artifact_prefix=$crashes/new/" "${folders[@]}" >"$crashes/log" 2>&1 || true
  if ! grep -E '^#[0-9]+: cov:' "$crashes/log" | tail -1 | grep . >&2 && [[ -z $stopped ]]; then
    say "$target did not run:"
    tail -5 "$crashes/log" >&2
    return 3
  fi
  if [[ -z $stopped ]]; then
    merged=$(mktemp -d "$corpus.XXXXXX")
    if run_binary "$binary" "${given[@]}" -merge=1 "$merged" "$corpus" >>"$crashes/log" 2>&1; then
      (trap '' INT TERM HUP && rm -rf "$corpus" && mv "$merged" "$corpus") # both or none
    else
      rm -rf "$merged"
    fi
  fi
  while IFS= read -r crash; do # the smallest first
    if [[ -z $stopped ]] && ((${#kept[@]} < minimised_max)); then
      minimise "$binary" "$crash" "$crashes"
    else
      name=$(basename "$crash")
      mv "$crash" "$crashes/"
    fi
    kept+=("$name")
  done < <(find "$crashes/new" -type f -printf '%s %p\n' | sort -n | cut -d' ' -f2-)
  ((${#kept[@]})) || return 0
  say "$target: found ${#kept[@]} times, kept: $(printf '%s\n' "${kept[@]}" | sort -u | tr '\n' ' ')in $crashes"
  return 1
}

run_fuzz() { # run_fuzz BINARIES OUT SECONDS JOBS TARGET...
  local binaries=$1 out=$2 seconds=$3 jobs=$4 found=0 failed=0 target
  shift 4
  trap 'stop 130' INT
  trap 'stop 143' TERM
  trap 'stop 129' HUP
  for target in "$@"; do
    [[ -z $stopped ]] || break
    fuzz_one "$binaries/${target}_fuzz" "$out" $((seconds / $# > 0 ? seconds / $# : 1)) "$jobs" "$target" ||
      case $? in 1) found=1 ;; *) failed=3 ;; esac
  done
  if ((found)); then say "keep what is mended under fuzz/regressions/<target>/, with a line in fuzz/regressions/README.md"; fi
  return $((failed ? failed : found))
}

run_rates() { # run_rates BINARIES SECONDS TARGET...
  local binaries=$1 seconds=$2 code=0 target rate scratch
  shift 2
  for target in "$@"; do
    scratch=$(mktemp -d)
    # shellcheck disable=SC2046 # one word an option
    rate=$({ "$binaries/${target}_fuzz" $(options "$target") "-max_total_time=$seconds" -print_final_stats=1 -seed=1 \
      "-artifact_prefix=$scratch/" "$scratch" "$here/corpus/$target" 2>&1 || true; } | awk '/^stat::average_exec_per_sec/ { print $2 }')
    if [[ $rate ]]; then printf '%-18s %s executions/s\n' "$target" "$rate"; else printf '%-18s failed\n' "$target"; fi
    [[ $rate ]] || code=1
    rm -rf "$scratch"
  done
  return $code
}

run_coverage() { # run_coverage BINARIES OUT [--grown]
  local binaries=$1 out=$2 grown=${3:-} profiles replay target objects=() table share
  profiles=$(mktemp -d)
  for replay in "$binaries"/*_replay; do
    target=$(basename "$replay" _replay)
    [[ -d $here/corpus/$target ]] || continue
    objects+=(-object "$replay")
    LLVM_PROFILE_FILE=$profiles/$target.profraw "$replay" "$here/corpus/$target" --optional "$here/regressions/$target" \
      ${grown:+--optional "$out/fuzz-corpus/$target"} 2>"$profiles/$target.log" || {
      say "$replay fails:"
      tail -5 "$profiles/$target.log" >&2
      exit 1
    }
  done
  "$(tool llvm-profdata)" merge -sparse "$profiles"/*.profraw -o "$profiles/all"
  table=$("$(tool llvm-cov)" report "${objects[@]:1}" -instr-profile="$profiles/all" --show-functions=0 \
    --show-region-summary=0 --show-branch-summary=0 "$root/engine" 2>/dev/null)
  "$(tool llvm-cov)" show "${objects[@]:1}" -instr-profile="$profiles/all" -format=html -output-dir="$out/fuzz-coverage" \
    "$root/engine" >/dev/null 2>&1 || true
  rm -rf "$profiles"
  printf '%s\n' "$table"
  share=$(awk '/^TOTAL/ { sub("%", "", $NF); print $NF }' <<<"$table")
  say "lines of engine/: $share %, at least $engine_lines_min % are wanted; ${out#"$root/"}/fuzz-coverage/index.html shows which"
  awk -v share="$share" -v least="$engine_lines_min" 'BEGIN { exit !(share >= least) }'
}

command=$1
shift
"run_$command" "$@"
