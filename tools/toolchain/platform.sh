# What the toolchain scripts agree on; sourced, never run.
# shellcheck shell=bash

toolchain=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
checkout=$(cd "$toolchain/../.." && pwd -P)
suite=trixie
node_version=24.21.0
npm_version=11.19.1

cache=${XDG_CACHE_HOME:-$HOME/.cache}/mobilytics
packages=$(sed 's/#.*//' "$toolchain/packages" | xargs)
# Named by the list, so that a changed list makes a new root and another branch keeps its own.
root=$cache/root-$(printf '%s %s' "$suite" "$packages" | sha256sum | cut -c1-12)
node=$cache/node-$node_version

say() { echo "mobilytics: $*" >&2; }
fail() { say "$*"; exit 1; }

on_platform() (
    . /etc/os-release
    [ "${ID:-}" = debian ] && [ "${VERSION_CODENAME:-}" = "$suite" ]
)
