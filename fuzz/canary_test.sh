#!/usr/bin/env bash
# The planted bug of canary_fuzz.cpp is found, reported, made small, saved, and shown again by the replay binary.
#
#   canary_test.sh RUN_SH BINARIES      BINARIES: the folder of canary_fuzz and canary_replay
set -uo pipefail

run_sh=$1 binaries=$2
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
fail() {
  printf '%s\n' "$*"
  cat "$out/said" "$out/fuzz-crashes/canary/log" 2>/dev/null | tail -40
  exit 1
}

bash "$run_sh" fuzz "$binaries" "$out" 10 1 canary 2>"$out/said"
[[ $? == 1 ]] || fail "a run that finds something exits with 1"
found=$(find "$out/fuzz-crashes/canary" -name 'crash-*' -printf '%s %p\n' | sort -n | head -1 | cut -d' ' -f2-)
[[ -f $found ]] || fail "no reproducer was saved"
grep -q "canary: found .*$(basename "$found") " "$out/said" || fail "the finding was not reported"
printf 'bug!' | cmp -s - "$found" || fail "no reproducer is as small as it could be: $(od -c "$found")"

"$binaries/canary_replay" "$found" 2>"$out/replayed" && fail "the reproducer does not show the bug again"
grep -q "$(basename "$found")" "$out/replayed" || fail "the replay does not say which input it was"
grep -q 'heap-buffer-overflow' "$out/replayed" || fail "the replay does not report what it was"
printf 'bug?' >"$out/harmless"
"$binaries/canary_replay" "$out/harmless" 2>/dev/null || fail "a harmless input fails"
"$binaries/canary_replay" "$out/nothing" 2>/dev/null && fail "an empty corpus passes"
printf 'found, minimised, saved, replayed\n'
