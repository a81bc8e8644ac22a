#!/usr/bin/env bash
# Proves that run_case.sh tells right from wrong: run_case_test.sh RUN_CASE
set -euo pipefail

readonly run_case=$1
work=$(mktemp -d)
readonly work
trap 'rm -rf "$work"' EXIT
failed=0

printf '#!/bin/sh\nprintf "$1"\nprintf "$2" >&2\nexit "$3"\n' >"$work/program"
chmod +x "$work/program"

# A case whose command writes "OUT" and "ERR" and exits with CODE.
new_case() { # new_case OUT ERR CODE
  rm -rf "$work/case"
  mkdir "$work/case"
  echo "\$COUNTERPART '$1' '$2' $3" >"$work/case/cmd"
}
run_it() { bash "$run_case" "$work/program" 1.2.3 "$work/case" >"$work/said" 2>&1; }
passes() { run_it || { echo "should pass: $1"; cat "$work/said"; failed=1; }; }
fails() { ! run_it || { echo "should fail: $1"; failed=1; }; }

new_case 'one\n' 'two\n' 3
fails 'nothing was expected'
echo one >"$work/case/out"
echo two >"$work/case/err"
fails 'exit code 0 was expected'
echo 3 >"$work/case/exit"
passes 'all as expected'
echo 4 >"$work/case/exit"
fails 'another exit code'
echo 3 >"$work/case/exit"
echo tow >"$work/case/err"
fails 'another stderr'
rm "$work/case/err"
fails 'unexpected stderr'
echo two >"$work/case/err"
printf 'one' >"$work/case/out"
fails 'one newline less'
printf 'one\n\n' >"$work/case/out"
fails 'one newline more'

new_case 'counterpart 1.2.3\n' '' 0
echo 'counterpart @VERSION@' >"$work/case/out"
passes 'the version'
echo 'counterpart 1.2.4' >"$work/case/out"
fails 'another version'

new_case '$SCRATCH/x\n' '' 0
echo "\$COUNTERPART \"\$SCRATCH/x\" '' 0" >"$work/case/cmd"
printf '@SCRATCH@/x' >"$work/case/out"
passes 'the scratch folder'

new_case 'new\n' '' 1
RECORD=1 bash "$run_case" "$work/program" 1.2.3 "$work/case"
passes 'what was recorded'
[[ $(<"$work/case/out") == new && ! -e $work/case/err && $(<"$work/case/exit") == 1 ]] || { echo 'recorded wrongly'; failed=1; }

rm "$work/case/cmd"
fails 'a case without cmd'
exit "$failed"
