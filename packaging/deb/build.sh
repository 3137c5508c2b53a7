#!/bin/sh
# Builds dist/linli_VERSION_ARCHITECTURE.deb: the program with the Python packages it runs on,
# locked by requirements.txt, for the Python of the machine it is built on; and beside it what that is
# made of, as CycloneDX.
# `make setup` must have been run: fonts, words and browser files are carried as they were built.
set -eu

venv=${1:?usage: packaging/deb/build.sh VENV}
case $venv in /*) ;; *) venv=$PWD/$venv ;; esac
cd "$(dirname "$0")/../.."

pip() {
    "$venv/bin/python" -m pip --quiet --disable-pip-version-check "$@"
}

supply() {
    what=$1
    shift
    PYTHONPATH=packaging "$venv/bin/python" -m "supply.$what" "$@"
}

version=$("$venv/bin/python" -c 'import linli; print(linli.__version__)')
python=$("$venv/bin/python" -c 'import sys; print("{}.{}".format(*sys.version_info))')
next=$("$venv/bin/python" -c 'import sys; print("{}.{}".format(sys.version_info[0], sys.version_info[1] + 1))')
architecture=$(dpkg --print-architecture)
# The same commit makes the same package.
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct 2>/dev/null || date +%s)
export SOURCE_DATE_EPOCH

root=build/deb/root
rm -rf build/deb
mkdir -p "$root/DEBIAN" "$root/usr/lib/linli" dist

pip wheel --no-deps --no-build-isolation --wheel-dir build/deb .
supply runtime >build/deb/requirements.txt
for what in "--require-hashes --requirement build/deb/requirements.txt" build/deb/linli-*.whl; do
    pip install --target "$root/usr/lib/linli/python" --no-deps --no-build-isolation --no-compile \
        $what 2>build/deb/pip.log || { cat build/deb/pip.log >&2; exit 1; }
done
# Other packages' commands and manual pages are not ours to offer.
rm -rf "$root/usr/lib/linli/python/bin" "$root/usr/lib/linli/python/share"
# On a root that is mounted read-only nothing can be compiled later.
"$venv/bin/python" -m compileall -q -j 0 --invalidation-mode unchecked-hash \
    -s "$root" -p / "$root/usr/lib/linli/python"

install -D -m 755 packaging/deb/linli "$root/usr/bin/linli"
install -D -m 644 -t "$root/usr/lib/systemd/system" packaging/systemd/*.service packaging/systemd/*.path
install -D -m 644 packaging/systemd/sysusers.conf "$root/usr/lib/sysusers.d/linli.conf"
install -D -m 644 packaging/systemd/journald.conf \
    "$root/usr/lib/systemd/journald.conf.d/50-linli.conf"
install -D -m 644 packaging/udev/70-linli.rules "$root/usr/lib/udev/rules.d/70-linli.rules"
install -D -m 644 -t "$root/usr/share/doc/linli/examples" packaging/etc/*.toml
install -D -m 644 LICENSE "$root/usr/share/doc/linli/copyright"
supply licences build/deb/requirements.txt >"$root/usr/share/doc/linli/third-party.txt"
supply bill build/deb/requirements.txt >"$root/usr/share/doc/linli/sbom.cdx.json"
cp "$root/usr/share/doc/linli/sbom.cdx.json" "dist/linli_${version}_${architecture}.cdx.json"
install -m 755 packaging/deb/postinst packaging/deb/prerm packaging/deb/postrm "$root/DEBIAN/"
sed -e "s/@VERSION@/$version/; s/@ARCHITECTURE@/$architecture/; s/@PYTHON@/$python/; s/@NEXT@/$next/" \
    -e "s/@SIZE@/$(du -sk "$root/usr" | cut -f1)/" packaging/deb/control.in >"$root/DEBIAN/control"

find "$root" -newermt "@$SOURCE_DATE_EPOCH" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
package=dist/linli_${version}_${architecture}.deb
dpkg-deb --root-owner-group -Zzstd -z6 --build "$root" "$package" >/dev/null
echo "$package"
