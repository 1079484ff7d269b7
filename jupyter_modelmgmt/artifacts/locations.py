"""Where blobs lie: a folder, or an object store."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from jupyter_modelmgmt.artifacts.blobs import Blobs, told_when_full
from jupyter_modelmgmt.domain.errors import BadField, StoreUnavailable

OBJECT_STORES = ("s3", "s3a", "gs", "az", "adl", "azure", "abfs", "abfss")


def blobs_at(location: str | Path) -> Blobs:
    """Return the blobs at a folder, made when missing, at a `file:` URL, or in an object store (`s3://...`).

    Raises BadField for another URL, StoreUnavailable.
    """
    text = str(location)
    scheme = urlsplit(text).scheme if "://" in text else ""
    if scheme in OBJECT_STORES:
        from jupyter_modelmgmt.artifacts.objects import ObjectBlobs  # noqa: PLC0415 - a folder needs no obstore

        return ObjectBlobs.at(text)
    if scheme not in ("", "file"):
        raise BadField(f"Artifacts lie in a folder or at s3://, gs:// or az://, not at {scheme}://. Give one of these.")
    folder = Path(unquote(urlsplit(text).path)) if text.startswith("file:") else Path(text)
    try:
        with told_when_full():
            (folder / "tmp").mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise StoreUnavailable(
            f"The folder {text!r} of the registry's files cannot be made: {error.strerror}. "
            "Give another one, or s3://bucket/prefix."
        ) from error
    return Blobs(folder.absolute())
