#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Runs every libFuzzer target for some seconds each (clang, address and undefined-behaviour sanitizers).
#   tools/fuzz.sh [SECONDS] [TARGET…]
set -eu
cd "$(dirname "$0")/.."
seconds=${1:-60}
[ $# -eq 0 ] || shift
[ -f build-fuzz/build.ninja ] || CC=clang meson setup build-fuzz -Db_sanitize=address,undefined -Db_lundef=false \
    -Dc_args=-fsanitize=fuzzer-no-link >/dev/null
ninja -C build-fuzz >/dev/null
libraries=$(ls build-fuzz/lib*.a)
for source in tests/fuzz/*_fuzz.c; do
    name=$(basename "$source" _fuzz.c)
    case " $* " in "  " | *" $name "*) ;; *) continue ;; esac
    echo "fuzz: $name, $seconds s"
    includes=$(for layer in base engine record domain store io draw app web; do printf ' -Isrc/%s' $layer; done)
    # shellcheck disable=SC2086
    clang -std=c17 -D_GNU_SOURCE -g -O1 -fsanitize=fuzzer,address,undefined $includes -Itests "$source" -o "build-fuzz/$name" \
        -Wl,--start-group $libraries -Wl,--end-group -lm -lpthread -lstemmer -lutf8proc -lsqlite3 -ljansson -lsodium -lmicrohttpd -lz
    mkdir -p "build-fuzz/corpus-$name"
    "./build-fuzz/$name" -max_total_time="$seconds" -print_final_stats=1 "build-fuzz/corpus-$name" "tests/fuzz/corpus/$name" 2>&1 |
        grep -E "stat::number_of_executed|ERROR|SUMMARY" || :
done
