"""Verbs that make a version: from an object in memory, from files, from uploads, from another version."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from jupyter_modelmgmt import flavors
from jupyter_modelmgmt.adapters import check_config, kinds
from jupyter_modelmgmt.artifacts import Blobs, Uploads
from jupyter_modelmgmt.capture import adapters, evidence
from jupyter_modelmgmt.capture.curves import Line
from jupyter_modelmgmt.capture.datasets import fingerprint
from jupyter_modelmgmt.domain import advice
from jupyter_modelmgmt.domain.advice import Advice
from jupyter_modelmgmt.domain.errors import BadFile, NotFound
from jupyter_modelmgmt.domain.fields import FIELDS, new_version
from jupyter_modelmgmt.domain.records import Artifact, DatasetUse, ModelVersion, NewVersion
from jupyter_modelmgmt.flavors import Flavor, safety
from jupyter_modelmgmt.registry import buffer, curves
from jupyter_modelmgmt.registry.datasets import Datasets
from jupyter_modelmgmt.registry.handles import Version
from jupyter_modelmgmt.registry.opened import ACTIVE_RUN
from jupyter_modelmgmt.registry.progress import Progress, counted
from jupyter_modelmgmt.store import versions

UPLOAD_LIMIT = 50 * 2**30
_CLASS = "adapter class"  # not a field of versions: on its way from the caller to the files
_CLONED = (
    "description", "framework", "flavor", "task", "model_type", "tags", "author", "license", "downloadable",
    "params", "properties", "adapter", "labels", "environment", "code", "architecture", "weights", "signature",
    "proof", "cost", "safety", "interface",
)  # fmt: skip


class Registration(Datasets):
    """Everything that ends with a new version."""

    def register(  # noqa: PLR0913 - keywords that people say
        self,
        model: object,
        name: str,
        *,
        version: str | None = None,
        bump: str | None = None,
        input_example: object = None,
        prove: bool = True,
        vendor: bool = True,
        capture: bool = True,
        reason: str = "",
        allow_identical: bool = False,
        **fields: Any,
    ) -> Version:
        """Save `model`, an object in memory, prove it, and register it as a new version of `name`.

        Without `version`, `bump` (major, minor, patch) raises the highest release; left out it is minor,
        or major where the change is incompatible. An incompatible minor or patch needs a `reason`. A fresh process
        must load what was saved and answer `input_example` (array, DataFrame, mapping of names to arrays; zeros
        when none is given) as `model` does. With it go its packages, the source of your own
        classes, its curves and, in a notebook, the cells it depends on; `prove`, `vendor` (the source) and
        `capture` (the rest) switch these off. `fields` are those of `ModelVersion`; `datasets` maps roles to
        DataFrames, arrays, pairs of rows and answers, paths or `name@3`; `flavor="python"` saves what others
        refuse, its code included. Content that a version has gives that version, unless a number is given or
        `allow_identical`. Raises NotSavable, NotFitted, NotProven ...; nothing is registered then.
        """
        flavor = flavors.flavor_for(model, fields.get("flavor") or "")
        told = {**evidence.described(flavor, model), **adapted(_given(fields))}
        used = told.pop("datasets", {})
        self._refuse_early(name, version, told)
        told, artifacts = self._saved(flavor, model, input_example, told, prove=prove, vendor=vendor, capture=capture)
        told["datasets"], shared = self._used(name, used)
        added = self._add(
            name, version, artifacts, told, bump, allow_identical=allow_identical, reason=reason,
            drawn=evidence.drawn(model, used) if capture else (),
        )  # fmt: skip
        if capture:
            evidence.registered(model, added.selector)
        return added.noting(shared)

    def advise(self, model: object, name: str, *, input_example: object = None, **fields: Any) -> Advice:
        """Return which part of the number should grow if `model` were registered, and why; nothing is written.

        Takes what `register` takes. The first version of a model needs no advice: NotFound.
        """
        flavor = flavors.flavor_for(model, fields.get("flavor") or "")
        known = {field: value for field, value in _given(fields).items() if field in FIELDS}
        found = {**evidence.described(flavor, model), **evidence.signed(flavor, model, input_example)}
        told = {
            **found,
            "weights": evidence.weights(model),
            **known,
            "datasets": self._digests(known.get("datasets", ())),
        }
        base = versions.base_of(self.store, name, fields.get("version") or "")
        if base is None:
            raise NotFound(f"{name!r} has no release to compare with. Register the first one.")
        return advice.advise(base, _signed(new_version(name, fields.get("version"), (), told)))

    def register_files(  # noqa: PLR0913 - keywords that people say
        self,
        files: str | Path | Sequence[str | Path],
        name: str,
        *,
        version: str | None = None,
        bump: str | None = None,
        reason: str = "",
        allow_identical: bool = False,
        progress: Progress | None = None,
        prove: bool = True,
        input_example: object = None,
        **fields: Any,
    ) -> Version:
        """Register a file, several files or a folder as a new version; see `register`.

        `adapter` is a name, or a class that derives from `mm.ModelAdapter`: its source goes with the
        version, and a fresh process must load it, and answer `input_example` (the path or bytes of an
        image, a text, a DataFrame), unless `prove` is false. Source: S5, D1.

        The framework follows from the files. A file whose format no flavor knows is kept as it is:
        framework `other`, neither loadable nor deployable. Raises BadFile for one that breaks its format.
        `progress` is called with bytes done and bytes in all.
        """
        paths = paths_of(files)
        verdicts = safety.verdicts(paths.items())
        told = {**format_of(paths.values()), "safety": verdicts, **adapted(_given(fields))}
        used = told.pop("datasets", {})
        self._refuse_early(name, version, told)
        count = counted(progress, sum(path.stat().st_size for path in paths.values()))
        artifacts: Sequence[Artifact] = [self.artifacts.add_file(path, inside, count) for inside, path in paths.items()]
        artifacts, told = self._with_adapter(artifacts, told, prove=prove, example=input_example, own=True)
        told["datasets"], shared = self._used(name, used)
        added = self._add(name, version, artifacts, told, bump, allow_identical=allow_identical, reason=reason)
        return added.noting(shared)

    def register_uploads(
        self,
        name: str,
        artifacts: Sequence[Artifact],
        *,
        version: str | None = None,
        bump: str | None = None,
        reason: str = "",
        allow_identical: bool = False,
        **fields: Any,
    ) -> Version:
        """Register files whose bytes were uploaded before; see `register_files`.

        Nothing of them runs here: formats are told by their structure. Raises NotFound for bytes
        that are not here.
        """
        new_version(name, version, artifacts, _given(fields))
        for artifact in artifacts:
            if not self.artifacts.keep(artifact):
                raise NotFound(f"The bytes of {artifact.path!r} were not uploaded. Upload them first.")
        told = {**_found_in(self.artifacts, tuple(artifacts)), **_given(fields)}
        self._refuse_early(name, version, told)
        return self._add(name, version, artifacts, told, bump, allow_identical=allow_identical, reason=reason)

    def uploads(self, limit: int = UPLOAD_LIMIT) -> Uploads:
        """Return the uploads on their way into this registry."""
        return Uploads(self.artifacts, limit)

    def clone_version(
        self,
        selector: str,
        name: str,
        *,
        version: str | None = None,
        bump: str | None = None,
        reason: str = "",
        config: Mapping[str, Any] | None = None,
        **fields: Any,
    ) -> Version:
        """Register a copy of a version under `name`, with a link to its parent. Source: D18.

        `config` is merged over the parent's; other `fields` replace the parent's, new labels its
        label maps too. Metrics and the run stay with the parent.
        """
        parent = versions.get(self.store, selector)
        kept = {field: getattr(parent, field) for field in _CLONED}
        merged = {**_inherited(parent, fields), **(config or {})}
        told = {**kept, "parent": parent.selector, **adapted({"config": merged, **_given(fields)})}
        self._refuse_early(name, version, told)
        artifacts, told = self._with_adapter(parent.artifacts, told)
        return self._add(name, version, artifacts, told, bump, allow_identical=True, reason=reason)

    def _with_adapter(
        self, artifacts: Sequence[Artifact], told: Mapping[str, Any], *, prove: bool = True, example: object = None,
        own: bool = False,
    ) -> tuple[Sequence[Artifact], dict[str, Any]]:  # fmt: skip
        """Return files and fields with those of an adapter class, proven where `own` files hold it. Raises NotProven."""
        said = {field: value for field, value in told.items() if field != _CLASS}
        named, files = told.get(_CLASS), artifacts
        if named is not None:
            with self.artifacts.draft() as folder:
                added = adapters.written(named, folder)
                files = (*(a for a in artifacts if a.path not in added), *self.artifacts.publish_folder(folder))
            said["safety"] = (*(v for v in said.get("safety", ()) if v.path not in added), *added.values())
        if prove and (named is not None or (own and kinds.travels(said.get("adapter", "")))):
            with self.artifacts.laid_out(files) as folder:
                said["config"] = adapters.proven(said, folder, example)
        return files, said

    def _saved(
        self,
        flavor: Flavor,
        model: object,
        example: object,
        told: Mapping[str, Any],
        *,
        prove: bool,
        vendor: bool,
        capture: bool,
    ) -> tuple[dict[str, Any], tuple[Artifact, ...]]:
        """Return what is found out of `model` once it is saved, under what is told of it, and its files, stored."""
        with self.artifacts.draft() as folder:
            evidence.save(flavor, model, folder, example, vendor=vendor)
            found = evidence.found_out(flavor, model, folder, example, prove=prove, capture=capture)
            artifacts, told = self._with_adapter(self.artifacts.publish_folder(folder), {**found, **told}, prove=prove)
            return dict(told), tuple(artifacts)

    def _used(
        self, model: str, given: Mapping[str, object] | Sequence[DatasetUse]
    ) -> tuple[tuple[DatasetUse, ...], str]:
        """Return the datasets that a version used, registered where they are data; and what to say of shared rows."""
        if not isinstance(given, Mapping):
            return tuple(given), ""
        data = {role: value for role, value in given.items() if not isinstance(value, str)}
        uses = []
        for role, value in given.items():
            if isinstance(value, str):
                found = self.dataset(value)
            else:
                found = self.register_dataset(f"{model[:50]}-{role}", data=value)
            uses.append(DatasetUse(dataset=found.selector, role=role, digest=found.digest))
        return tuple(uses), evidence.leak(data)

    def _digests(self, given: Mapping[str, object] | Sequence[DatasetUse]) -> tuple[DatasetUse, ...]:
        """Return the datasets that a version would use, those that are data by their digests alone."""
        if not isinstance(given, Mapping):
            return tuple(given)
        found = {
            role: self.dataset(v).digest if isinstance(v, str) else fingerprint(v).digest for role, v in given.items()
        }
        return tuple(DatasetUse(dataset="", role=role, digest=digest) for role, digest in found.items())

    def _add(
        self,
        name: str,
        version: str | None,
        artifacts: Sequence[Artifact],
        told: Mapping[str, Any],
        bump: str | None,
        *,
        allow_identical: bool = False,
        reason: str = "",
        drawn: Iterable[Line] = (),
    ) -> Version:
        new = _signed(new_version(name, version, artifacts, {"run": ACTIVE_RUN.get(), **told}))
        if new.adapter:
            kinds.check_file(new.adapter, [artifact.path for artifact in artifacts])
        if new.run:
            buffer.flush(new.run)
        base = versions.base_of(self.store, new.model, new.version)
        notice = ""
        if base is not None:
            bump, notice = advice.chosen(base, new, bump, reason)
        added = versions.add(
            self.store, new, bump=bump or "minor", actor=self.actor, allow_identical=allow_identical, reason=reason,
            curves=curves.packed(drawn) if drawn else None,
        )  # fmt: skip
        return Version.of(replace(added, notice=added.notice or notice), self)

    def _refuse_early(self, name: str, version: str | None, told: Mapping[str, Any]) -> None:
        """Raise what `_add` would raise, before the bytes are written."""
        new = new_version(name, version, (), {field: value for field, value in told.items() if field != _CLASS})
        if new.adapter:
            check_config(new.adapter, new.config)
        versions.refuse_taken(self.store, new.model, new.version)


def adapted(told: dict[str, Any]) -> dict[str, Any]:
    """Return fields with the name of an adapter instead of its class, which is kept aside. Raises BadField, NotSavable."""
    kind = told.get("adapter")
    if not isinstance(kind, type):
        return told
    named = kinds.named(kind, told.get("config") or {})
    return {**told, "adapter": named.name, "config": named.config, _CLASS: named}


def _signed(new: NewVersion) -> NewVersion:
    """Return a version whose signature says what it takes: what its adapter does, else tensors where there are any."""
    takes = "tensor" if new.signature.inputs else ""
    if new.adapter:
        takes = kinds.input_type(new.adapter, new.config)
    return replace(new, signature=replace(new.signature, takes=takes))


def _inherited(parent: ModelVersion, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the configuration that a copy takes over: none of that of an adapter that is replaced by a class."""
    return {} if isinstance(fields.get("adapter"), type) else parent.config


def _given(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {field: value for field, value in fields.items() if value is not None}


# The bytes of a digest never change, so neither does what was found in them.
@lru_cache(maxsize=256)
def _found_in(blobs: Blobs, artifacts: tuple[Artifact, ...]) -> dict[str, Any]:
    """Return flavor, framework and safety of stored files. Raises BadFile."""
    with blobs.laid_out(artifacts) as folder:
        laid = {artifact.path: folder / artifact.path for artifact in artifacts}
        return {**format_of(laid.values()), "safety": safety.verdicts(laid.items())}


def format_of(paths: Iterable[Path]) -> dict[str, str]:
    """Return flavor and framework of the first file that a flavor knows. Raises BadFile."""
    for path in paths:
        if flavor := flavors.flavor_of_file(path):
            return {"flavor": flavor.NAME, "framework": flavor.FRAMEWORK}
    return {"flavor": "", "framework": "other"}


def paths_of(files: str | Path | Sequence[str | Path]) -> dict[str, Path]:
    """Return files by the path that they get inside the version."""
    given = [Path(files)] if isinstance(files, str | Path) else [Path(file) for file in files]
    found: dict[str, Path] = {}
    for path in given:
        if path.is_dir():
            found |= {inner.relative_to(path).as_posix(): inner for inner in sorted(path.rglob("*")) if inner.is_file()}
        elif path.is_file():
            found[path.name] = path
        else:
            raise BadFile(f"There is no file {str(path)!r}. Give the path of one that is there.")
    if not found:
        raise BadFile("There are no files to register.")
    return found
