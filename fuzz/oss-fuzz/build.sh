#!/usr/bin/env bash
# What OSS-Fuzz's builder runs: the fuzz targets, their seeds, dictionaries and options into $OUT. Compiler, sanitizer and
# engine are the builder's choice: $CXX, $CXXFLAGS, $LIB_FUZZING_ENGINE. $SRC/counterpart is the source tree.
set -euo pipefail

source_tree=$SRC/counterpart
build=${WORK:?}/counterpart

# The packaged libraries speak libstdc++. $ORIGIN/lib is looked up by them too only as RPATH, not as RUNPATH.
CXXFLAGS=${CXXFLAGS//-stdlib=libc++/} cmake -S "$source_tree" -B "$build" -G Ninja \
  -DCMAKE_CXX_COMPILER="$CXX" \
  -DCMAKE_BUILD_TYPE= \
  -DCMAKE_BUILD_WITH_INSTALL_RPATH=ON \
  -DCMAKE_INSTALL_RPATH="\$ORIGIN/lib" \
  -DCMAKE_EXE_LINKER_FLAGS=-Wl,--disable-new-dtags \
  -DCOUNTERPART_TESTS=OFF \
  -DCOUNTERPART_FUZZ=ON \
  -DLIB_FUZZING_ENGINE="$LIB_FUZZING_ENGINE"
cmake --build "$build" --target fuzz_targets --parallel "${COUNTERPART_JOBS:-$(nproc)}"

# What runs the targets has none of the packages.
mkdir -p "$OUT/lib"
copy_libraries() { # copy_libraries BINARY
  ldd "$1" | awk '$2 == "=>" && $3 ~ /^\// { print $3 }' | while read -r library; do
    case $(basename "$library") in
      libc.so.* | libm.so.* | libpthread.so.* | libdl.so.* | librt.so.* | libresolv.so.*) ;;
      *) cp -n "$library" "$OUT/lib/" ;;
    esac
  done
}

for binary in "$build"/fuzz/*_fuzz; do
  name=$(basename "$binary")
  target=${name%_fuzz}
  if [[ $target == canary ]]; then continue; fi
  copy_libraries "$binary"
  cp "$binary" "$OUT/"
  rm -f "$OUT/${name}_seed_corpus.zip"
  for folder in corpus regressions; do
    if [[ -d $source_tree/fuzz/$folder/$target ]]; then
      zip -jqr "$OUT/${name}_seed_corpus.zip" "$source_tree/fuzz/$folder/$target"
    fi
  done
  printf '[libfuzzer]\nmax_len = 8192\ntimeout = 25\n' >"$OUT/$name.options"
  if [[ -f $source_tree/fuzz/dictionaries/$target.dict ]]; then
    cp "$source_tree/fuzz/dictionaries/$target.dict" "$OUT/$name.dict"
  fi
done
