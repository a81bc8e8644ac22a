#!/usr/bin/env bash
# Tests the script ./dev. It runs on a copy in a folder of its own with a PATH of its own, where apt-get, cmake
# and the rest are stand-ins that write down how they were called.
#
#   dev_test.sh DEV       the script under test
#
# shellcheck disable=SC2016 # what stand-ins do is in single quotes: their own variables
set -uo pipefail

dev=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0 checks=0

stand_in() { # stand_in NAME SCRIPT: a command that notes its call, then does SCRIPT
  rm -f "$work/bin/$1" # never write through a link to the real tool
  printf '#!%s\nprintf "%%s\\n" "%s $*" >>"%s/calls"\n%s\n' "$(command -v bash)" "$1" "$work" "$2" >"$work/bin/$1"
  chmod +x "$work/bin/$1"
}

# A machine on which nothing is missing, and a checkout in which nothing is built.
fresh() {
  rm -rf "${work:?}"/*
  mkdir -p "$work/bin" "$work/repo" "$work/elsewhere"
  cp "$dev" "$work/repo/dev"
  echo '{}' >"$work/repo/CMakePresets.json"
  local tool
  for tool in awk basename bash cat chmod dirname env flock grep id ln mkdir mktemp nproc readlink rm sed sleep sort touch tr uname; do
    ln -s "$(command -v "$tool")" "$work/bin/$tool"
  done
  : >"$work/calls"
  stand_in id 'echo 0'
  stand_in apt-get 'exit 0'
  stand_in dpkg-query 'for p in "${@:3}"; do [[ " $MISSING " == *" $p "* ]] || printf "installed:%s " "$p"; done'
  stand_in ninja ''
  stand_in c++ ''
  stand_in pkg-config ''
  stand_in python3 ''
  stand_in node ''
  stand_in cmake '[[ $1 == --build ]] || exit 0
    mkdir -p build/release/cli; cp program build/release/cli/counterpart 2>/dev/null || exit 0'
  ln -s "$(command -v cp)" "$work/bin/cp"
  program 'printf "%s|" "$PWD" "$@"'
  MISSING=''
}

program() { # what the built program does
  printf '#!%s\n%s\n' "$(command -v bash)" "$1" >"$work/repo/program"
  chmod +x "$work/repo/program"
}

run_dev() { # run_dev ARGUMENT...: leaves out, err, code
  # shellcheck disable=SC2086 # SETTINGS is none or one
  (cd "$work/elsewhere" && exec env -i PATH="$work/bin" MISSING="$MISSING" ${SETTINGS:-} "$work/repo/dev" "$@") \
    >"$work/out" 2>"$work/err" </dev/null
  code=$?
  out=$(<"$work/out") err=$(<"$work/err") calls=$(<"$work/calls")
}

check() { # check WHAT COMMAND...: COMMAND must succeed
  local what=$1
  shift
  checks=$((checks + 1))
  if ! "$@"; then
    failures=$((failures + 1))
    printf 'FAILED: %s: %s\n  exit code %s\n  stdout: %s\n  stderr: %s\n  calls: %s\n' \
      "$what" "$*" "$code" "$out" "$err" "$calls"
  fi
}
has() { [[ $1 == *"$2"* ]]; }
lacks() { [[ $1 != *"$2"* ]]; }
is() { [[ $1 == "$2" ]]; }

fresh
run_dev help
check "help succeeds" is "$code" 0
for word in setup build test bench fuzz fuzz-seeds format tidy help mock lint; do
  check "help names $word" has "$out" "  $word "
done
run_dev
check "no command is wrong usage" is "$code" 2
check "no command prints the help as an error" has "$err" "./dev COMMAND"

fresh
run_dev build
check "build succeeds" is "$code" 0
check "nothing missing: nothing is installed" lacks "$calls" "apt-get"
check "build asks for the packages once" is "$(grep -c '^dpkg-query' "$work/calls")" 1
check "build leaves the binary" test -x "$work/repo/build/counterpart"
check "build says nothing on stdout" is "$out" ""
run_dev build
check "a second build does not configure again" is "$(grep -c '^cmake --preset' "$work/calls")" 1
touch -d '+1 minute' "$work/repo/CMakePresets.json"
run_dev build
check "changed presets do" is "$(grep -c '^cmake --preset' "$work/calls")" 2
SETTINGS=COUNTERPART_JOBS=7 run_dev build
check "COUNTERPART_JOBS is obeyed" has "$calls" "--parallel 7"

fresh
for tool in python3 wrk nginx; do stand_in "$tool" ''; done
run_dev bench --quick
check "bench builds what it drives" has "$calls" "--target bare_server engine_replay fuzz_client_bench "
check "bench is told where it is" has "$calls" "/bench/run.py --mock $work/repo/build/counterpart --built $work/repo/build/bench"

fresh
MISSING="libre2-dev libasio-dev"
rm "$work/bin/ninja"
run_dev build
check "what is missing is named before" has "$err" "installing with apt-get: libasio-dev libre2-dev ninja-build"
check "exactly what is missing is installed" has "$calls" "install --no-install-recommends libasio-dev libre2-dev ninja-build"
check "no update while the lists will do" lacks "$calls" "apt-get -y -o DPkg::Lock::Timeout=300 update"
check "root needs no sudo" lacks "$err" "sudo"

fresh
MISSING=libre2-dev
stand_in apt-get 'case "$*" in *update) touch '"$work"'/updated ;; *) [[ -e '"$work"'/updated ]] || exit 100 ;; esac'
run_dev build
check "old lists are updated" is "$code" 0
check "once" is "$(grep -c 'apt-get.*update' "$work/calls")" 1

fresh
MISSING=libre2-dev
stand_in apt-get 'echo "E: Unable to locate package libre2-dev"; exit 100'
run_dev build
check "a failed installation is an environment error" is "$code" 3
check "and shows what apt-get said" has "$err" "E: Unable to locate package libre2-dev"

fresh
MISSING=libre2-dev
stand_in id 'echo 1000'
stand_in sudo '"$@"'
run_dev build
check "not root: says that it uses sudo" has "$err" "through sudo: libre2-dev"
check "not root: uses it" has "$calls" "sudo env DEBIAN_FRONTEND=noninteractive"
rm "$work/bin/sudo" "$work/calls"
run_dev build
check "neither root nor sudo: an environment error" is "$code" 3
check "that says what to do as root" has "$err" "apt-get install --no-install-recommends libre2-dev"
check "and tries nothing" lacks "$calls" "apt-get"

fresh
rm "$work/bin/apt-get" "$work/bin/dpkg-query"
run_dev build
check "no apt-get: an environment error" is "$code" 3
for name in nlohmann-json3-dev nlohmann-json json-devel; do
  check "that names $name" has "$err" "$name"
done
check "but not what only other commands need" lacks "$err" "wrk"
check "and tries nothing" lacks "$err" "installing"
SETTINGS=COUNTERPART_NO_SETUP=1 run_dev build
check "COUNTERPART_NO_SETUP goes on without" is "$code" 0

fresh
run_dev mock ./folder --port 0 "two words"
check "other words run the program where the caller is" is "$out" "$work/elsewhere|mock|./folder|--port|0|two words|"
program 'exit 7'
run_dev lint
check "its exit code is passed on" is "$code" 7
ln -s ../repo/dev "$work/elsewhere/link"
program 'echo ran'
(cd / && env -i PATH="$work/bin" MISSING='' "$work/elsewhere/link" mock) >"$work/out" 2>"$work/err"
check "works through a link" is "$(<"$work/out")" "ran"
program 'trap "kill \$!; exit 42" TERM; sleep 30 & echo $$; wait'
rm "$work/out"
env -i PATH="$work/bin" MISSING='' "$work/repo/dev" mock >"$work/out" 2>/dev/null </dev/null &
pid=$!
for _ in {1..100}; do [[ -s $work/out ]] || sleep 0.05; done
kill -TERM "$pid"
wait "$pid"
code=$?
check "a signal reaches the program" is "$code" 42
check "which has taken the script's place" is "$(<"$work/out")" "$pid"

fresh
stand_in cmake '[[ $1 == --build ]] || exit 0
  echo "[1/2] Building CXX object a.o"; echo "a.cpp:1:2: error: no"; echo "[2/2] Linking CXX executable x"; exit 1'
run_dev build
check "a failed build is a finding" is "$code" 1
check "and shows the compiler's words" has "$err" "a.cpp:1:2: error: no"
run_dev mock
check "and runs nothing" is "$out" ""
stand_in cmake 'echo "CMake Error: no"; exit 1'
rm -r "$work/repo/build"
run_dev build
check "a failed configuration stops" is "$code" 3
check "and shows what cmake said" has "$err" "CMake Error: no"
check "and is tried again" test ! -e "$work/repo/build/release/.configured"

fresh
stand_in ctest 'echo "    Start 1: a"; echo "1/2 Test #1: a ....   Passed    0.01 sec"; echo "2/2 Test #2: b ....***Failed"
  echo "50% tests passed, 1 tests failed out of 2"; exit 8'
run_dev test asan -R yaml
check "test passes arguments on" has "$calls" "ctest --preset asan --no-tests=error --parallel"
check "all of them" has "$calls" " -R yaml"
check "failed tests are a finding" is "$code" 1
check "what failed is shown" has "$out" "Test #2: b ....***Failed"
check "what passed is not" lacks "$out" "Test #1"
check "the sum is shown" has "$out" "50% tests passed, 1 tests failed out of 2"
run_dev test nonsense
check "an unknown preset is wrong usage" is "$code" 2
stand_in xmllint ''
stand_in chromium ''
stand_in npm 'exit 0'
run_dev setup reports
check "the schemas of reports are installed" has "$calls" "npm install --prefix $work/repo/build/report-schemas --ignore-scripts"
check "and that is all" lacks "$calls" "apt-get"
run_dev setup reports
check "once" is "$(grep -c '^npm install' "$work/calls")" 1
rm -r "$work/repo/build/report-schemas"
stand_in npm 'echo "npm ERR! network"; exit 1'
run_dev setup reports
check "without them it is an environment error" is "$code" 3
check "that shows what npm said" has "$err" "npm ERR! network"
run_dev setup nonsense
check "an unknown group is wrong usage" is "$code" 2
run_dev format --chekc
check "an unknown option is wrong usage" is "$code" 2

fresh
mkdir -p "$work/repo/fuzz" "$work/repo/build/dev/fuzz"
touch "$work/repo/fuzz/"{url,json,canary}_fuzz.cpp
echo 'printf "%s|" "$@"' >"$work/repo/fuzz/run.sh"
stand_in clang++ ''
stand_in llvm-cov ''
run_dev fuzz --time 2m --jobs 3
check "fuzz builds every target but the canary" has "$calls" "--target json_fuzz url_fuzz --parallel"
check "and runs them all" is "$out" "fuzz|$work/repo/build/fuzz/fuzz|$work/repo/build|120|3|json|url|"
run_dev fuzz url --rates
check "fuzz measures what it is told" is "$out" "rates|$work/repo/build/fuzz/fuzz|5|url|"
run_dev fuzz --coverage
check "coverage is counted by replays" has "$calls" "--preset fuzz-coverage --target fuzz_replays"
check "of another build" is "$out" "coverage|$work/repo/build/fuzz-coverage/fuzz|$work/repo/build|"
run_dev fuzz client ./folder
check "fuzz client is the program's" is "$out" "$work/elsewhere|fuzz|client|./folder|"
for words in nonsense '--time soon' '--time' '--jobs 0' '--fork'; do
  # shellcheck disable=SC2086 # words are words
  run_dev fuzz $words
  check "fuzz $words is wrong usage" is "$code" 2
done
printf '#!%s\nprintf "%%s|" "$@"\n' "$(command -v bash)" >"$work/repo/build/dev/fuzz/fuzz_seeds"
chmod +x "$work/repo/build/dev/fuzz/fuzz_seeds"
run_dev fuzz-seeds --check
check "fuzz-seeds builds its tool" has "$calls" "--preset dev --target fuzz_seeds"
check "and runs it on the tree" is "$out" "$work/repo|--check|"
run_dev fuzz-seeds --chekc
check "an unknown option of fuzz-seeds is wrong usage" is "$code" 2

printf '%d checks, %d failed\n' "$checks" "$failures"
[[ $failures == 0 ]]
