"""Objects whose `__init__` never ran: listed with a problem, refused with what to do, no error of the framework's."""

import pytest

from jupyter_modelmgmt.domain.errors import NotFitted
from jupyter_modelmgmt.flavors import find

pytestmark = [pytest.mark.heavy, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


@pytest.mark.parametrize(
    ("module", "kind"),
    [("modules", "Net"), ("layers", "Subclassed"), ("graphs", "Sums"), ("tiny", "BertForSequenceClassification")],
)
def test_a_half_built_object_is_refused(users, tmp_path, monkeypatch, module, kind):
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    made = getattr(users(module), kind)
    half = made.__new__(made)
    flavor = find(half)
    assert flavor.describe(half).class_name == kind
    assert flavor.problem(half).endswith(".")
    with pytest.raises(NotFitted):
        flavor.save(half, tmp_path)
