#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Runs every libFuzzer target for some seconds each (clang, address and undefined-behaviour sanitizers); fails when one
# stops, and keeps what stopped it as build-fuzz/NAME-….
#   tools/fuzz.sh [SECONDS] [TARGET…]
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
[ $# -gt 0 ] || set -- $(sed -n "/^fuzz_targets/,/^]/s/^  \['\([a-z]*\)'.*/\1/p" tests/meson.build)
[ -f build-fuzz/build.ninja ] || CC=clang meson setup build-fuzz -Db_sanitize=address,undefined -Db_lundef=false \
    -Dc_args=-fsanitize=fuzzer-no-link >/dev/null
bad=0
for name in "$@"; do
    echo "fuzz: $name, $seconds s"
    ninja -C build-fuzz "tests/${name}_fuzz" >build-fuzz/build.log || { tail -40 build-fuzz/build.log; exit 1; }
    mkdir -p "build-fuzz/corpus-$name"
    "build-fuzz/tests/${name}_fuzz" -max_total_time="$seconds" -print_final_stats=1 -artifact_prefix="build-fuzz/$name-" \
        "build-fuzz/corpus-$name" "tests/fuzz/corpus/$name" >"build-fuzz/$name.log" 2>&1 ||
        { bad=1; tail -40 "build-fuzz/$name.log"; }
    grep stat::number_of_executed "build-fuzz/$name.log" || :
done
exit $bad
