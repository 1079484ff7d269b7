"""What importing fails with: branches of the tree in `errors`.

BadField
├── BadConfigFile           400  a package's config.json; the message names the field
│   ├── ConfigMalformed          not JSON, a field missing or of another kind
│   ├── ConfigFieldUnknown       a field that is not supported
│   ├── ConfigValue              a field with a value it may not have
│   ├── ConfigTwice              a key or an API given twice
│   └── ConfigRestraint          EXACT, ATLEAST, ATMOST where the installer takes none of them
├── BadHealthCheck               how a container is asked whether it is well
├── ModeMissing                  a template that lets the importer choose the mode
├── ModeFixed                    another mode than the template's
└── BadTemplate                  a template that cannot be read, or files that do not fit it
Conflict
├── ServiceRefused          409  a kind of service that the version was not imported for
└── MlflowNotConfigured          nothing says where the MLflow server is
SourceFailed
└── MlflowUnreachable       502  the MLflow server does not answer
"""

from jupyter_modelmgmt.domain.errors import BadField, Conflict, SourceFailed


class BadConfigFile(BadField):
    """Source: M17."""

    code = "bad_config_file"


class ConfigMalformed(BadConfigFile):
    """Source: M20b, 3015."""

    code = "config_malformed"


class ConfigFieldUnknown(BadConfigFile):
    """Source: M20b, 3016."""

    code = "config_field_unknown"


class ConfigValue(BadConfigFile):
    """Source: M20b, 3037."""

    code = "config_value"


class ConfigTwice(BadConfigFile):
    """Source: M20b, 3039."""

    code = "config_twice"


class ConfigRestraint(BadConfigFile):
    """Source: M20b, 3040 and 3041."""

    code = "config_restraint"


class ModeMissing(BadField):
    """Source: M20b, 3028."""

    code = "mode_missing"


class ModeFixed(BadField):
    """Source: M20b, 3030."""

    code = "mode_fixed"


class BadTemplate(BadField):
    """Source: M20b, 3024."""

    code = "bad_template"


class ServiceRefused(Conflict):
    """Source: M14; M20b, 3589."""

    code = "service_refused"


class MlflowUnreachable(SourceFailed):
    """Source: P1."""

    code = "mlflow_unreachable"


class MlflowNotConfigured(Conflict):
    """Source: P1."""

    code = "mlflow_not_configured"


class BadHealthCheck(BadField):
    """Source: M20b, 3592."""

    code = "bad_health_check"
