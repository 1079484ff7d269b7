"""Everything that can go wrong, as one tree.

ModelManagementError
├── BadInput                400  the request cannot be understood
│   ├── BadName                  a model or deployment name breaks the naming rule
│   ├── BadVersion               not a semantic version
│   ├── BadSelector              not `name`, `name@1.2.0`, `name@^1.2`, `name@stage`
│   ├── BadSearch                a search that cannot be read; `position` is the character
│   ├── BadField                 a field has a value it may not have
│   │   ├── NotEditable          a field that never changes after registering
│   │   ├── BadStatus            not a status
│   │   ├── BadStage             not a stage of this registry
│   │   ├── BadTag               a tag breaks the rule for tags
│   │   ├── BadAlias             an alias breaks the rule for aliases
│   │   ├── BadMetric            a metric or a point of a series that is no finite number
│   │   ├── BadProperty          a property that is no text, number, truth value or nothing
│   │   └── NotConfirmed         deleting for ever wants the name once more
│   ├── BadPath                  an artifact path that leaves its folder
│   ├── BadFile                  a file that claims a format and breaks it
│   ├── BadArchive               a zip that is no export, is damaged or is a bomb
│   ├── BadImage                 bytes that are not an image we decode
│   ├── BadTensor                inputs that do not fit the model
│   ├── NotProven                a fresh process cannot use the model as the notebook does
│   ├── NotFitted                an estimator that was never fitted
│   └── NotSavable               an object that no flavor saves
├── Unauthenticated         401
├── Forbidden               403
│   ├── NeedsYes                 loading would run code and nobody said yes
│   └── DeployOnly               a version that may be deployed and not downloaded
├── NotFound                404
├── Conflict                409  well formed, but the state of things forbids it
│   ├── ModelTaken
│   ├── VersionTaken
│   ├── ModelDeployed            archive or delete while a deployment runs
│   ├── NotDeployed              predict before deploying
│   ├── VersionArchived          deploy what is archived
│   ├── StatusDerived            set the status `deployed` by hand
│   ├── AliasHeld                delete a version that aliases point at
│   ├── AliasProtected           move or remove a protected alias
│   ├── StageProtected           delete a version in a protected stage
│   ├── StageHeld                remove a stage that versions are in
│   ├── TransitionRefused        a stage that cannot be reached from this one
│   ├── ApprovalNeeded           a stage that wants an approval first
│   ├── ApprovalDecided          approve or reject what was decided before
│   ├── GateFailed               a stage whose gate the version does not pass
│   ├── RunEnded                 log into a run that has ended
│   ├── RunUnfinished            register from a run that has not finished
│   ├── BumpTooSmall             an incompatible change as patch or minor, without a reason
│   ├── WrongOffset              an upload continues at another place
│   └── NotLoadable              a version whose files no flavor loads
├── TooLarge                413
├── StorageFull             507
├── Damaged                 500  stored bytes do not have their digest
├── StoreUnavailable        503  database or object store does not answer
├── SearchTooSlow           503  a search went over its time
└── ServingFailed           502  host or worker did not answer
    ├── SourceFailed        502  a package index, a store or a server did not deliver
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


class BadSearch(BadInput):
    """`position` is that of the character, from 0, at which reading stopped; `word` what stands there and is no field."""

    code = "bad_search"

    def __init__(self, message: str, position: int, word: str = "") -> None:
        self.position = position
        self.word = word
        super().__init__(message)


class BadField(BadInput):
    code = "bad_field"


class NotEditable(BadField):
    code = "not_editable"


class BadStatus(BadField):
    code = "bad_status"


class BadStage(BadField):
    code = "bad_stage"


class BadTag(BadField):
    code = "bad_tag"


class BadAlias(BadField):
    code = "bad_alias"


class BadMetric(BadField):
    code = "bad_metric"


class BadProperty(BadField):
    code = "bad_property"


class NotConfirmed(BadField):
    code = "not_confirmed"


class BadPath(BadInput):
    code = "bad_path"


class BadFile(BadInput):
    code = "bad_file"


class BadArchive(BadInput):
    code = "bad_archive"


class BadImage(BadInput):
    code = "bad_image"


class BadTensor(BadInput):
    code = "bad_tensor"


class NotProven(BadInput):
    code = "not_proven"


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


class DeployOnly(Forbidden):
    """Source: M9, S10."""

    code = "deploy_only"


class NotFound(ModelManagementError):
    status = 404
    code = "not_found"


class Conflict(ModelManagementError):
    status = 409
    code = "conflict"


class ModelTaken(Conflict):
    code = "model_taken"


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


class VersionArchived(Conflict):
    code = "version_archived"


class StatusDerived(Conflict):
    code = "status_derived"


class AliasHeld(Conflict):
    code = "alias_held"


class AliasProtected(Conflict):
    code = "alias_protected"


class StageProtected(Conflict):
    code = "stage_protected"


class StageHeld(Conflict):
    code = "stage_held"


class TransitionRefused(Conflict):
    code = "transition_refused"


class ApprovalNeeded(Conflict):
    code = "approval_needed"


class ApprovalDecided(Conflict):
    code = "approval_decided"


class GateFailed(Conflict):
    code = "gate_failed"


class RunEnded(Conflict):
    code = "run_ended"


class RunUnfinished(Conflict):
    code = "run_unfinished"


class BumpTooSmall(Conflict):
    """Source: N5."""

    code = "bump_too_small"


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


class StoreUnavailable(ModelManagementError):
    status = 503
    code = "store_unavailable"


class SearchTooSlow(ModelManagementError):
    status = 503
    code = "search_too_slow"


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
