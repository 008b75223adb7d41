#!/bin/sh
# SPDX-License-Identifier: AGPL-3.0-or-later
# Proves on a bare Debian 12 (debootstrap + chroot) that the package lists are complete: clones the tree there, builds
# as ./run does, makes the demo and asks the server for a page. Needs root. REHEARSE_CHECK=1 runs ./check there too.
set -eu
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || { echo "rehearse: needs root" >&2; exit 77; }
command -v debootstrap >/dev/null || { . tools/packages.sh; install_packages debootstrap; }
mirror=${MIRROR:-$(sed -n 's/^deb \(\[[^]]*\] \)\{0,1\}\(http[^ ]*\) bookworm main.*/\2/p;s/^URIs: *\([^ ]*\).*/\1/p' \
    /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -1)}
root=$(mktemp -d)
clean() {
    umount "$root/proc" 2>/dev/null || :
    rm -rf "$root"
}
trap clean EXIT INT TERM
debootstrap --variant=minbase bookworm "$root" "${mirror:-http://deb.debian.org/debian}"
for f in /etc/apt/apt.conf.d/*proxy* /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/trusted.gpg.d /etc/resolv.conf; do
    [ ! -e "$f" ] || cp -r "$f" "$root$(dirname "$f")/" 2>/dev/null || :
done
mount -t proc proc "$root/proc"
git clone -q . "$root/grappe"
cat >"$root/rehearse" <<'INSIDE'
set -eu
export HOME=/root LC_ALL=C.UTF-8
cd /grappe
./run --port 8099 --data /tmp/demo >/tmp/run.log 2>&1 &
server=$!
for i in $(seq 600); do
    if exec 3<>/dev/tcp/127.0.0.1/8099; then break; fi 2>/dev/null
    kill -0 $server || { cat /tmp/run.log; exit 1; }
    sleep 1
done
printf 'GET / HTTP/1.0\r\nHost: 127.0.0.1:8099\r\n\r\n' >&3
read -r status <&3
kill $server
echo "rehearse: first page answered: $status"
case $status in *" 200 "*|*" 303 "*) ;; *) exit 1 ;; esac
[ "${REHEARSE_CHECK:-}" != 1 ] || ./check
INSIDE
REHEARSE_CHECK=${REHEARSE_CHECK:-} chroot "$root" /bin/bash /rehearse
echo "rehearse: passed"
