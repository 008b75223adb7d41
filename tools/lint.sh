#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Formatting, house style, clang-tidy. Reports everything, then fails if anything was found.
set -u
cd "$(dirname "$0")/.."
bad=0
git ls-files '*.c' '*.h' | xargs clang-format --dry-run --Werror || bad=1
python3 tools/check_style.py || bad=1
[ -f build-clang/build.ninja ] || CC=clang meson setup build-clang
ninja -C build-clang >/dev/null || bad=1
git ls-files 'src/*.c' | xargs -P "$(nproc)" -n 4 clang-tidy -quiet -p build-clang || bad=1
exit $bad
