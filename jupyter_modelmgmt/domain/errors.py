"""Everything that can go wrong, as one tree.

ModelManagementError
├── BadInput                400  the request cannot be understood
│   ├── BadName                  a model or deployment name breaks the naming rule
│   ├── BadVersion               not a semantic version
│   ├── BadSelector              not `name`, `name@1.2.0`, `name@^1.2`, `name@stage`
│   ├── BadField                 a field has a value it may not have, or may not be edited
│   ├── BadPath                  an artifact path that leaves its folder
│   ├── BadFile                  a file that claims a format and breaks it
│   ├── BadImage                 bytes that are not an image we decode
│   ├── BadTensor                inputs that do not fit the model
│   ├── NotFitted                an estimator that was never fitted
│   └── NotSavable               an object that no flavor saves
├── Unauthenticated         401
├── Forbidden               403
│   ├── NeedsYes                 loading would run code and nobody said yes
├── NotFound                404
├── Conflict                409  well formed, but the state of things forbids it
│   ├── VersionTaken
│   ├── ModelDeployed            archive or delete while a deployment runs
│   ├── NotDeployed              predict before deploying
│   ├── WrongOffset              an upload continues at another place
│   └── NotLoadable              a version whose files no flavor loads
├── TooLarge                413
├── StorageFull             507
├── Damaged                 500  stored bytes do not have their digest
└── ServingFailed           502  host or worker did not answer
    ├── SourceFailed        502  a package index did not deliver
    ├── Overloaded          503
    └── TimedOut            504
"""

from collections.abc import Sequence


class ModelManagementError(Exception):
    """Base of all errors of this package; `status` is the HTTP status, `code` a stable word."""

    status = 500
    code = "error"


class BadInput(ModelManagementError):
    status = 400
    code = "bad_input"


class BadName(BadInput):
    code = "bad_name"


class BadVersion(BadInput):
    code = "bad_version"


class BadSelector(BadInput):
    code = "bad_selector"


class BadField(BadInput):
    code = "bad_field"


class BadPath(BadInput):
    code = "bad_path"


class BadFile(BadInput):
    code = "bad_file"


class BadImage(BadInput):
    code = "bad_image"


class BadTensor(BadInput):
    code = "bad_tensor"


class NotFitted(BadInput):
    code = "not_fitted"


class NotSavable(BadInput):
    code = "not_savable"


class Unauthenticated(ModelManagementError):
    status = 401
    code = "unauthenticated"


class Forbidden(ModelManagementError):
    status = 403
    code = "forbidden"


class NeedsYes(Forbidden):
    code = "needs_yes"


class NotFound(ModelManagementError):
    status = 404
    code = "not_found"


class Conflict(ModelManagementError):
    status = 409
    code = "conflict"


class VersionTaken(Conflict):
    code = "version_taken"


class ModelDeployed(Conflict):
    """Source: seed 004, "Deleting a Model" (K13)."""

    code = "model_deployed"

    def __init__(self, deployments: Sequence[str], verb: str = "delete") -> None:
        self.deployments = tuple(deployments)
        super().__init__(
            f"You cannot {verb} a model that is currently deployed. Stop all deployments first. "
            f"Running: {', '.join(self.deployments)}."
        )


class NotDeployed(Conflict):
    """Source: D19."""

    code = "not_deployed"

    def __init__(self, what: str) -> None:
        super().__init__(
            f"Need to deploy before predicting: {what!r} has no running deployment. "
            "Deploy it first, for example `%model deploy NAME@VERSION`."
        )


class WrongOffset(Conflict):
    code = "wrong_offset"


class NotLoadable(Conflict):
    code = "not_loadable"


class TooLarge(ModelManagementError):
    status = 413
    code = "too_large"


class StorageFull(ModelManagementError):
    status = 507
    code = "storage_full"


class Damaged(ModelManagementError):
    code = "damaged"


class ServingFailed(ModelManagementError):
    status = 502
    code = "serving_failed"


class SourceFailed(ServingFailed):
    code = "source_failed"


class Overloaded(ServingFailed):
    status = 503
    code = "overloaded"


class TimedOut(ServingFailed):
    status = 504
    code = "timed_out"
