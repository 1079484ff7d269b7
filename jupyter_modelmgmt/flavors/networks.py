"""What is said alike about networks of all frameworks."""

import hashlib
import json
import math
from collections.abc import Mapping, Sequence

from jupyter_modelmgmt.domain.fields import MODEL_TYPES


def architecture(shapes: Mapping[str, Sequence[int]]) -> str:
    """Return how many tensors of how many numbers there are, with a digest of their names and shapes."""
    listed = sorted((name, [int(n) for n in shape]) for name, shape in shapes.items())
    numbers = sum(math.prod(shape) for _, shape in listed)
    digest = hashlib.sha256(json.dumps(listed).encode()).hexdigest()[:12]
    return f"{len(listed)} tensors, {numbers} numbers, {digest}"


def model_type(words: str) -> str:
    """Return the model type that a name says: `resnet` for ResNet18, `custom` for a name that says none."""
    return next((word for word in MODEL_TYPES[1:-1] if word in words.lower()), MODEL_TYPES[0])
