"""Verbs on the stored bytes as a whole: collect what nothing names, verify what is named."""

from collections.abc import Callable, Iterator
from itertools import chain, islice

from jupyter_modelmgmt.artifacts import Stored, Uploads
from jupyter_modelmgmt.domain.errors import BadField, Damaged
from jupyter_modelmgmt.domain.records import Collected, StoredFile, Verification
from jupyter_modelmgmt.registry import container_copies
from jupyter_modelmgmt.registry.opened import Opened
from jupyter_modelmgmt.store import artifacts, events, kept, lifetimes

GRACE_S = 24 * 3600.0
_BATCH = 500
Progress = Callable[[int, int], None]


def _silent(_done: int, _total: int) -> None:
    """Show nothing."""


class Storage(Opened):
    """Keep the place of the artifacts clean and whole."""

    def collect_garbage(self, *, grace_s: float = GRACE_S, dry_run: bool = False) -> Collected:
        """Remove blobs and copies of container images that no version names, and what broken writes and uploads left.

        Before that, versions whose lifetime is over go to the trash (`set_lifetime`).
        Versions in the trash name theirs. What was written within `grace_s` seconds stays: it may
        belong to a version that is being registered; 0 is for a registry that nobody writes into.
        With `dry_run` nothing is removed, and leftovers are not looked for.
        """
        if grace_s < 0:
            raise BadField("grace_s is a number of seconds from 0.")
        expired = lifetimes.expire(self.store, actor=self.actor, dry_run=dry_run)
        removed, kept = [], 0
        for blob in self._unnamed():
            if blob.age_s < grace_s:
                kept += 1
            elif dry_run or self.artifacts.remove(blob.digest, older_s=grace_s):
                removed.append(blob.size)
        leftovers, freed = (0, 0) if dry_run else self._sweep(grace_s)
        images = container_copies.collect(self.store, self.artifacts, dry_run=dry_run)
        found = Collected(
            count=len(removed), size_bytes=sum(removed) + freed, kept=kept, leftovers=leftovers, images=images,
            expired=expired,
        )  # fmt: skip
        if not dry_run and (found.count or found.leftovers or found.images):
            with self.store.write() as c:
                events.write(
                    c, self.actor, "registry.collected",
                    count=found.count, size_bytes=found.size_bytes, leftovers=found.leftovers, images=found.images,
                )  # fmt: skip
        return found

    def verify(self, selector: str = "", *, progress: Progress = _silent) -> Verification:
        """Read all stored bytes and return what is damaged or missing, by version and path; inputs of kept tests by model.

        `selector` is one version's, a model's name, or empty for the whole registry, trash included.
        `progress` is called with bytes done and bytes in all; what it raises ends the work.
        Raises NotFound, StoreUnavailable.
        """
        inputs = kept.files(self.store, selector)
        total = artifacts.size(self.store, selector) + sum(artifact.size for artifact, _ in inputs)
        done, checked = 0, 0
        damaged: list[StoredFile] = []
        missing: list[StoredFile] = []
        for artifact, users in chain(artifacts.files(self.store, selector), inputs):
            try:
                for chunk in self.artifacts.chunks(artifact):
                    done += len(chunk)
                    progress(done, total)
            except Damaged:
                (damaged if self.artifacts.has(artifact.digest) else missing).extend(users)
            checked += 1
        extra = 0 if selector else sum(1 for _ in self._unnamed())
        return Verification(
            checked=checked, size_bytes=done, damaged=tuple(damaged), missing=tuple(missing), extra=extra
        )

    def _unnamed(self) -> Iterator[Stored]:
        stored = self.artifacts.digests()
        while blobs := list(islice(stored, _BATCH)):
            named = artifacts.named(self.store, [blob.digest for blob in blobs])
            yield from (blob for blob in blobs if blob.digest not in named)

    def _sweep(self, older_s: float) -> tuple[int, int]:
        swept = self.artifacts.sweep(older_s), Uploads(self.artifacts, limit=0).sweep(older_s)
        return sum(count for count, _ in swept), sum(size for _, size in swept)
