#!/usr/bin/env bash
# Tests `counterpart kit` and what it stands on, as a user has them: an installed tree, clang, libFuzzer.
#
#   kit_test.sh BUILD CONTRACT SANITIZERS     a build folder, a contract's folder, what the build was sanitized with
set -uo pipefail

build=$(readlink -f "$1") contract=$(readlink -f "$2") sanitizers=$3
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() { echo "skipped: $1" && exit 77; }
fail() { echo "FAILED: $1" && [ -f "$work/log" ] && tail -40 "$work/log"; exit 1; }
must() { "$@" >"$work/log" 2>&1 || fail "$*"; }

[ -z "$sanitizers" ] || skip "the build's archives are sanitized"
command -v clang++ >/dev/null || skip "clang++ is not there"
echo 'extern "C" int LLVMFuzzerTestOneInput(const unsigned char*, unsigned long) { return 0; }' >"$work/empty.cpp"
clang++ -fsanitize=fuzzer,address,undefined "$work/empty.cpp" -o "$work/empty" 2>/dev/null || skip "clang has no libFuzzer"

must cmake --install "$build" --prefix "$work/prefix"
counterpart=$work/prefix/bin/counterpart

# What it writes: the same for the same seed, with nothing left of what it wrote there for another contract.
must "$counterpart" kit "$contract" "$work/project"
must "$counterpart" kit "$contract" "$work/again" --seed 1
must diff -r "$work/project" "$work/again"
must "$counterpart" kit "$(dirname "$contract")/panel-sessions" "$work/again" --force
must "$counterpart" kit "$contract" "$work/again" --seed 2 --force
diff -rq "$work/project/corpus" "$work/again/corpus" >/dev/null && fail "another seed gives the same corpus"
must "$counterpart" kit "$contract" "$work/seed-2" --seed 2
must diff -r "$work/seed-2" "$work/again"

# As it is written, it builds and finds nothing.
configure() { must cmake -S "$1" -B "$1/build" -DCMAKE_CXX_COMPILER=clang++ -DCMAKE_PREFIX_PATH="$work/prefix"; }
cd "$work/project" || fail "no project"
configure .
must cmake --build build
must ./build/my_parser_fuzz -seed=1 -runs=2000 -dict=my_parser_fuzz.dict corpus
grep -q 'Done 2000 runs' "$work/log" || fail "2000 runs"

# AFL++ runs the same project from its corpus and with its dictionary, as the README says, with sanitizers and without.
afl() { # afl BUILD CMAKE_ARGUMENT...
  local built=$1 execs
  shift
  must cmake -S . -B "$built" -DCMAKE_CXX_COMPILER=afl-clang-fast++ -DCMAKE_PREFIX_PATH="$work/prefix" "$@"
  must cmake --build "$built"
  must afl-fuzz -E 2000 -t 20000 -i corpus -o "$work/afl-$built" -x my_parser_fuzz.dict -- "./$built/my_parser_fuzz"
  execs=$(sed -n 's/^execs_done *: *//p' "$work/afl-$built/default/fuzzer_stats")
  [ "${execs:-0}" -ge 2000 ] || fail "AFL++ ran ${execs:-nothing}"
  must env COUNTERPART_FUZZ_SHOW=1 "./$built/my_parser_fuzz" corpus/killSession-killed-1-documented.txt
  grep -q 'counterpart: the answer is killSession/killed, status 200, legal' "$work/log" || fail "$built: not shown"
  echo "AFL++, $built: $execs executions"
}
if command -v afl-clang-fast++ >/dev/null && command -v afl-fuzz >/dev/null; then
  export AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1
  afl build-afl
  afl build-afl-fast -DSANITIZERS=
else
  echo "AFL++ is not there: not tried"
fi

# A planted bug of each class is found, and told with the class.
cp "$here/wrong_parser.cpp" my_parser_fuzz.cpp
must cmake --build build
rm -rf corpus # from the documented answers alone
for class in legal "nearly legal" broken; do
  PLANTED=$class ./build/my_parser_fuzz -seed=1 -runs=20000 -artifact_prefix=found- >"$work/log" 2>&1 && fail "$class: nothing found"
  grep -q "counterpart: the answer is .*, status [0-9]*, $class, " "$work/log" || fail "$class: not told"
  grep -q 'Test unit written to found-' "$work/log" || fail "$class: not saved"
  [ "$(grep -c 'counterpart: the answer is' "$work/log")" = 1 ] || fail "$class: told more than once"
  grep -o 'counterpart: the answer is .*' "$work/log"
  PLANTED=$class COUNTERPART_FUZZ_SHOW=1 ./build/my_parser_fuzz found-* >"$work/log" 2>&1 && fail "$class: not reproduced"
  rm -f found-*
done

# Without a contract it says so.
(cd / && COUNTERPART_CONTRACT='' "$work/project/build/my_parser_fuzz" -runs=1) >"$work/log" 2>&1
code=$?
grep -q 'there is no contract in contract' "$work/log" || code=wrong
[ "$code" = 2 ] || fail "a missing contract"
(cd / && COUNTERPART_CONTRACT=$contract "$work/project/build/my_parser_fuzz" -runs=1) >"$work/log" 2>&1 || fail "COUNTERPART_CONTRACT"

# The same by pkg-config.
pc=$(dirname "$(find "$work/prefix" -name counterpart-fuzz.pc)")
# shellcheck disable=SC2046 # flags are words
must clang++ -std=c++17 -fsanitize=fuzzer,address my_parser_fuzz.cpp -o by_pkg_config \
  $(PKG_CONFIG_PATH=$pc pkg-config --cflags --libs counterpart-fuzz)
must ./by_pkg_config -runs=100
echo "ok"
