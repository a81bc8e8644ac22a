#!/usr/bin/env bash
# Runs build.sh as OSS-Fuzz's builder does, with each sanitizer of project.yaml, and starts every target it made, far from
# the source tree.
#
#   build_test.sh SOURCE_TREE WORK [SANITIZER]     WORK is kept from run to run: the builds are long
set -euo pipefail

source_tree=$1
if (($# < 3)); then
  for sanitizer in $(sed -n '/^sanitizers:/,$ s/^  - //p' "$source_tree/fuzz/oss-fuzz/project.yaml"); do
    bash "$0" "$source_tree" "$2" "$sanitizer"
  done
  exit
fi
case $3 in
  address) flags='-fsanitize=address -fsanitize-address-use-after-scope' ;;
  undefined) flags='-fsanitize=undefined -fno-sanitize-recover=undefined' ;;
  *) printf 'no flags for %s\n' "$3" && exit 2 ;;
esac
mkdir -p "$2/$3"
WORK=$(cd "$2/$3" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
SRC=$scratch/src OUT=$scratch/out
mkdir -p "$SRC" "$OUT" "$scratch/elsewhere"
ln -s "$source_tree" "$SRC/counterpart"
# Under the same path in every run, or nothing of the build could be used again.
mkdir -p "$WORK/src" && ln -sfn "$source_tree" "$WORK/src/counterpart" && SRC=$WORK/src

export SRC OUT WORK CXX=clang++ LIB_FUZZING_ENGINE=-fsanitize=fuzzer
export CXXFLAGS="-O1 -fno-omit-frame-pointer -gline-tables-only $flags -fsanitize=fuzzer-no-link"
CXXFLAGS+=' -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION'
bash "$source_tree/fuzz/oss-fuzz/build.sh" >"$WORK/build.log" 2>&1 || {
  tail -40 "$WORK/build.log"
  exit 1
}

fail() {
  printf '%s\n' "$*"
  exit 1
}
targets=0
for file in "$source_tree"/fuzz/*_fuzz.cpp; do
  name=$(basename "$file" .cpp)
  [[ $name != canary_fuzz ]] || continue
  targets=$((targets + 1))
  [[ -x $OUT/$name ]] || fail "$name was not made"
  [[ -s $OUT/${name}_seed_corpus.zip ]] || fail "$name has no seeds"
  outside=$(ldd "$OUT/$name" | awk -v out="$OUT/lib/" '$2 == "=>" && index($3, out) != 1 { print $1 }' |
    grep -vE '^lib(c|m|pthread|dl|rt|resolv)\.so' || true)
  [[ -z $outside ]] || fail "$name would not find these where it is run: $outside"
  mkdir -p "$scratch/elsewhere/$name"
  python3 -m zipfile -e "$OUT/${name}_seed_corpus.zip" "$scratch/elsewhere/$name"
  options=(-seed=1 -runs=300 -timeout=25 "-artifact_prefix=$WORK/$name-")
  if [[ -f $OUT/$name.dict ]]; then options+=("-dict=$OUT/$name.dict"); fi
  (cd "$scratch/elsewhere" && "$OUT/$name" "${options[@]}" "$name" >"$scratch/log" 2>&1) || {
    tail -30 "$scratch/log"
    input=$(sed -n 's/.*Test unit written to //p' "$scratch/log" | tail -1)
    if [[ $input ]]; then fail "$name crashed; the input is $input"; fi
    fail "$name does not run"
  }
done
((targets > 0)) || fail "no target was looked for"
[[ ! -e $OUT/canary_fuzz ]] || fail "the canary is no target of anybody else's"
printf '%s: %d targets were made and started\n' "$3" "$targets"
