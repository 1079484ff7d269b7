"""The bound that the kernel holds a worker to, far above the one that its host looks after."""

import resource

_SPARE = 4 * 2**30  # the limit counts what is reserved and never used, too: pyarrow alone takes 1 GiB so


def bound(memory_mb: int) -> None:
    """Let what asks for `memory_mb` and much more get a MemoryError; 0 bounds nothing.

    A host sees that a worker takes too much once it has; until then, a loop of a second could take the machine's memory.
    """
    if memory_mb:
        most = memory_mb * 2**20 + _SPARE
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard == resource.RLIM_INFINITY or most < hard:
            resource.setrlimit(resource.RLIMIT_DATA, (most, hard))
