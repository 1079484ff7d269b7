#!/bin/sh
# The tests start a Blob Storage of Azure's own emulator; install it where it is missing.
# Where that fails its tests are skipped, with the reason.
set -eu
folder=${1:?where to install it}
if [ -e "$folder/node_modules/.bin/azurite-blob" ]; then exit 0; fi
echo "Installing the emulator of Azure's Blob Storage for the tests."
npm install --silent --no-audit --no-fund --no-save --prefix "$folder" azurite@3.35.0 >/dev/null ||
    echo "Azurite could not be installed."
