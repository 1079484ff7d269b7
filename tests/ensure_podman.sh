#!/bin/sh
# The tests build and run a container; install podman, and the static busybox that goes into it, where they are missing.
# Where that fails its tests are skipped, each with the reason.
set -eu
if command -v podman >/dev/null && [ -x /bin/busybox ]; then exit 0; fi
if ! command -v apt-get >/dev/null; then exit 0; fi
echo "Installing podman for the tests."
if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
$sudo apt-get update -qq &&
    $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq podman runc busybox-static >/dev/null ||
    echo "podman could not be installed."
