#!/bin/sh
# Installs what Linli needs to run from a checkout: Debian packages (through sudo unless root),
# Python packages into a virtual environment; builds the fonts and the translations. Safe to run
# again. What only the tests need is named after the environment.
set -eu

venv=${1:?usage: packaging/setup.sh VENV [DEBIAN PACKAGE...]}
shift
cd "$(dirname "$0")/.."

debs="mosquitto xvfb libgl1 libegl1 libgles2 libmtdev1 libusb-1.0-0 fonts-noto-cjk espeak-ng alsa-utils
    gcc libc6-dev make openssl python3-dev libpcsclite-dev swig $*"

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "Installing Debian packages needs root: run this as root, or install sudo." >&2
        exit 1
    fi
}

missing() {
    for deb in "$@"; do
        dpkg-query -W -f='${Status}' "$deb" 2>/dev/null | grep -q 'install ok installed' || printf ' %s' "$deb"
    done
}

if ! command -v dpkg-query >/dev/null; then
    echo "This set-up is for Debian and Raspberry Pi OS. Elsewhere, install:$debs" >&2
    exit 1
fi
python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Linli needs Python 3.11 or newer; this machine has $(python3 --version)." >&2
    exit 1
}
python3 -c 'import ensurepip, venv' 2>/dev/null || debs="$debs python3-venv"
# The machine's own: it fills the slots of updates, in the demo as at a terminal.
/usr/bin/python3 -c 'import pip' 2>/dev/null || debs="$debs python3-pip"
wanted=$(missing $debs)
if [ -n "$wanted" ]; then
    echo "Installing Debian packages:$wanted"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $wanted >/dev/null
fi

[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
pip() {
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "$@"
}
echo "Installing Python packages into $venv: a few minutes the first time, seconds later."
# Nothing is taken whose hash is not in these files; what is built here is built with the first.
pip --require-hashes --only-binary :all: -r packaging/builders.txt
pip --require-hashes --no-build-isolation -r requirements.txt
pip --require-hashes --no-deps -r packaging/judges.txt
pip --no-deps --no-build-isolation --editable .
"$venv/bin/python" -m linli.assets.build_fonts
"$venv/bin/python" -m linli.assets.build_words
"$venv/bin/python" -m linli.assets.build_browser
"$venv/bin/python" -m linli.firmware_bridge.build_monocypher
