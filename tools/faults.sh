#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# The full counts of what ./check runs short: power, disk, memory, kills, connections (release build where figures are
# taken, sanitized where faults are). About an hour on two cores. PART: only the tests with this in their name.
#   tools/faults.sh [PART]
set -eu
cd "$(dirname "$0")/.."
[ -f build/build.ninja ] || meson setup build -Db_sanitize=address,undefined -Db_lundef=false >/dev/null
[ -f build-run/build.ninja ] || meson setup build-run --buildtype=release >/dev/null
export FAULTS=full
failed=0
for folder in build build-run; do
    case $folder in build) kinds='power requests disk_full cut' ;; *) kinds='kill introductions connections' ;; esac
    for kind in $kinds; do
        case faults/$kind in *"${1:-}"*) ;; *) continue ;; esac
        echo "== $kind ($folder)"
        meson test -C "$folder" --logbase faults "faults/$kind" >/dev/null || failed=1
        python3 tools/show_remarks.py "$folder/meson-logs/faults.json"
    done
done
exit $failed
