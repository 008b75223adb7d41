#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# The judge of secrecy over 10,000 random tables (release build), a thousand a line: three quarters of an hour on one core.
# The program is copied first: a build meanwhile changes nothing.
#   tools/judge.sh [THOUSANDS [SEED]]
set -eu
cd "$(dirname "$0")/.."
thousands=${1:-10} seed=${2:-1} bad=0
[ -f build-run/build.ninja ] || meson setup build-run --buildtype=release >/dev/null
ninja -C build-run grappe >/dev/null
judged=$(mktemp)
trap 'rm -f "$judged"' EXIT
cp build-run/grappe "$judged"
for part in $(seq "$seed" $((seed + thousands - 1))); do
    tests/engine/secrecy/judge.py "$judged" 1000 "$part" || bad=1
done
exit $bad
