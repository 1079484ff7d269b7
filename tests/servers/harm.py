"""What goes wrong with stored bytes, done on purpose."""


def spoil(blobs, digest: str, data: bytes | None) -> None:
    """Put other bytes in the place of a blob, or take it away; what was kept near of it is forgotten."""
    path = blobs.path(digest)
    if hasattr(blobs, "_store"):
        import obstore

        path.unlink(missing_ok=True)
        if data is None:
            obstore.delete(blobs._store, blobs._key(digest))
        else:
            obstore.put(blobs._store, blobs._key(digest), data)
        return
    path.chmod(0o600)
    if data is None:
        path.unlink()
    else:
        path.write_bytes(data)


def flipped(data: bytes, bit: int) -> bytes:
    """Return `data` with one bit changed."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)
