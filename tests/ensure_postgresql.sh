#!/bin/sh
# The tests start a PostgreSQL of their own; install its binaries where they are missing.
# Where that fails its tests are skipped, each with the reason.
set -eu
if command -v pg_ctl >/dev/null || ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1; then exit 0; fi
if ! command -v apt-get >/dev/null; then exit 0; fi
echo "Installing PostgreSQL for the tests."
if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
install="$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq"
settings=/etc/postgresql-common/createcluster.conf
# Debian's package would start a cluster of its own: not for our sake.
$sudo apt-get update -qq &&
    $install postgresql-common >/dev/null &&
    $sudo sed -i.before-modelmgmt 's/^#\{0,1\} *create_main_cluster.*/create_main_cluster = false/' $settings &&
    $install postgresql >/dev/null ||
    echo "PostgreSQL could not be installed."
if [ -e $settings.before-modelmgmt ]; then $sudo mv $settings.before-modelmgmt $settings; fi
