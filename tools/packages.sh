# SPDX-License-Identifier: AGPL-3.0-or-later
# Sourced by ./run and ./check: installs the Debian packages of a list that are missing.

need() {
    missing=
    for package in $(grep -v '^#' "$1"); do
        dpkg-query -W -f='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || missing="$missing $package"
    done
    [ -z "$missing" ] || install_packages $missing
}

# Node comes from Debian or from NodeSource, whose nodejs brings npm and conflicts with Debian's: ask the command.
need_node() {
    command -v npm >/dev/null 2>&1 || install_packages nodejs npm
}

install_packages() {
    echo "Installing: $*" >&2
    sudo=
    [ "$(id -u)" = 0 ] || sudo=sudo
    # The lock time-out matters: two set-ups on one machine collide.
    $sudo apt-get -o DPkg::Lock::Timeout=300 update -q >&2
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q \
        --no-install-recommends "$@" >&2
}
