"""What models and their code fail with: a branch of the tree in `errors`.

ServingFailed
├── BadPrediction       502  what a model answered is no prediction: a score above 1, a vector of another size
└── TrainingFailed      502  training or evaluating ended with an error
BadInput
└── ItemsFailed         400  some of several items failed; the others were answered
"""

from collections.abc import Mapping

from jupyter_modelmgmt.domain.errors import BadInput, ServingFailed

_LISTED = 10


class BadPrediction(ServingFailed):
    """Source: D36, T11."""

    code = "bad_prediction"


class TrainingFailed(ServingFailed):
    """Source: D10."""

    code = "training_failed"


class ItemsFailed(BadInput):
    """`failed` has the error of each failed item by its place, `results` the others' answers. Source: D6."""

    code = "items_failed"

    def __init__(self, failed: Mapping[int, str], results: Mapping[int, object]) -> None:
        self.failed = dict(failed)
        self.results = dict(results)
        listed = "; ".join(f"{place}: {why}" for place, why in list(self.failed.items())[:_LISTED])
        more = f" and {len(failed) - _LISTED} more" if len(failed) > _LISTED else ""
        count = len(failed) + len(results)
        super().__init__(f"{len(failed)} of {count} items failed, the others were answered. {listed}{more}")
