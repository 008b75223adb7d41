#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Builds the benchmarks (release) and runs them all, each beside its peer. Run on a quiet machine.
set -eu
cd "$(dirname "$0")/.."
[ -f build-run/build.ninja ] || meson setup build-run --buildtype=release >/dev/null
programs=$(sed -n "s/^executable('\([a-z_]*\)'.*/\1/p" bench/meson.build)
for program in $programs; do
    ninja -C build-run "bench/$program" >/dev/null
    echo "== $program"
    case $program in
    ratio_bench)
        TEST_POSTGRES_SETTINGS=fsync=on tests/with_postgres.py "./build-run/bench/$program" 1000 /dev/shm /tmp ;;
    postgres_bench) tests/with_postgres.py "./build-run/bench/$program" ;;
    *) "./build-run/bench/$program" ;;
    esac
done
ninja -C build-run grappe >/dev/null
echo "== engine_bench: ours beside GLPK, CBC, spatstat and igraph"
bench/engine_bench.py build-run/grappe
