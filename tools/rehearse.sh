#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Proves on a bare Debian 12 (debootstrap + chroot) that the package lists are complete: clones what is committed there,
# builds as ./run does, makes the demo, and follows the server's first answer to a page. Needs root, 1 GB in TMPDIR and
# about 2 minutes; leaves nothing behind. REHEARSE_CHECK=1 runs ./check there too: 3 GB, half an hour.
set -eu
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "rehearse: needs root" >&2; exit 77; }
command -v debootstrap >/dev/null || { . tools/packages.sh; install_packages debootstrap; }
mirror=${MIRROR:-$(sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\(http[^ ]*\) bookworm main.*/\2/p;s/^URIs: *\([^ ]*\).*/\1/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -1)}
root=$(mktemp -d)
chmod 755 "$root" # apt reads as somebody else
# Whatever still runs in there goes first: a mount in use cannot be taken away, and must not be emptied.
clean() {
    trap '' INT TERM
    for process in /proc/[0-9]*; do
        case $(readlink "$process/root" || :) in "$root"*) kill -9 "${process#/proc/}" 2>/dev/null || : ;; esac
    done
    for mounted in dev/shm proc; do
        ! mountpoint -q "$root/$mounted" || umount "$root/$mounted" || umount -l "$root/$mounted"
    done
    rm -rf --one-file-system "$root"
}
trap clean EXIT
trap 'exit 130' INT TERM
log=$root.log
debootstrap --variant=minbase bookworm "$root" "${mirror:-http://deb.debian.org/debian}" >"$log" 2>&1 ||
    { tail -20 "$log" >&2; rm -f "$log"; exit 1; }
rm -f "$log"
# How this machine reaches the mirror and npm's registry: a proxy, its certificate, the names of the sources.
for f in /etc/apt/apt.conf.d/*proxy* /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources /etc/resolv.conf \
    /usr/local/share/ca-certificates; do
    [ ! -e "$f" ] || { mkdir -p "$root$(dirname "$f")" && cp -rL "$f" "$root$(dirname "$f")/"; }
done
[ ! -f "$root/etc/apt/sources.list.d/debian.sources" ] || rm -f "$root/etc/apt/sources.list" # debootstrap's: the same again
mount -t proc proc "$root/proc"
mkdir -p "$root/dev/shm" && mount -t tmpfs shm "$root/dev/shm" # chromium's
git clone -q . "$root/grappe"
cat >"$root/rehearse" <<'INSIDE'
set -eu
export HOME=/root LC_ALL=C.UTF-8
cd /grappe
port=$((20000 + RANDOM % 10000))
ask() { # PATH: the whole answer
    exec 3<>/dev/tcp/127.0.0.1/$port || return 1
    printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1:%s\r\n\r\n' "$1" $port >&3
    cat <&3
    exec 3>&-
}
./run --port $port >/tmp/run.log 2>&1 &
server=$!
until ask / >/tmp/answer 2>/dev/null; do
    kill -0 $server 2>/dev/null || { cat /tmp/run.log; exit 1; }
    [ $SECONDS -lt 1200 ] || { tail -20 /tmp/run.log; echo "rehearse: no answer after 20 minutes"; exit 1; }
    sleep 1
done
path=$(sed -n 's/^[Ll]ocation: \([^\r]*\).*/\1/p' /tmp/answer)
[ -z "$path" ] || ask "$path" >/tmp/answer
kill $server
echo "rehearse: ./run answered ${path:-/} after $SECONDS s: $(head -1 /tmp/answer | tr -d '\r')"
head -1 /tmp/answer | grep -q ' 200 '
grep -q '<h1' /tmp/answer || { cat /tmp/answer; echo "rehearse: that is no page"; exit 1; }
[ "${REHEARSE_CHECK:-}" != 1 ] || ./check
INSIDE
chroot "$root" /usr/bin/env REHEARSE_CHECK="${REHEARSE_CHECK:-}" /bin/bash /rehearse
echo "rehearse: passed"
