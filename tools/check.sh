#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Every test, once: see ./check, which installs the packages first.
set -u
cd "$(dirname "$0")/.."
fail() { echo "$1" >&2; tail -60 "$2" >&2; echo "0 passed, 1 failed, 0 skipped"; exit 1; }
log=$(mktemp) && trap 'rm -f "$log"' EXIT

if [ ! -d node_modules/playwright-core ]; then
    npm ci --ignore-scripts --no-audit --no-fund >"$log" 2>&1 || fail "npm ci failed" "$log"
fi
[ -f build-check/build.ninja ] || meson setup build-check -Db_sanitize=address,undefined -Db_lundef=false \
    >"$log" 2>&1 || fail "meson setup failed" "$log"
ninja -C build-check >"$log" 2>&1 || fail "the build with gcc failed" "$log"
[ -f build-clang/build.ninja ] || CC=clang meson setup build-clang >"$log" 2>&1 || fail "meson setup (clang) failed" "$log"
ninja -C build-clang >"$log" 2>&1 || fail "the build with clang failed" "$log"
# What people run: unsanitized, so that browsers and limits meet the real thing.
[ -f build-run/build.ninja ] || meson setup build-run --buildtype=release >"$log" 2>&1 || fail "meson setup (release) failed" "$log"
ninja -C build-run grappe engine-library >"$log" 2>&1 || fail "the release build failed" "$log"

meson test -C build-check --print-errorlogs "$@" 2>&1 | tee "$log"
python3 tools/count_tests.py build-check/meson-logs/testlog.json
