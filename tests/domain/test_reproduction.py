"""What a reproduction says of itself."""

import pytest

from jupyter_modelmgmt.domain.reproduction import Reproduction, Verdict


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ({"verdict": Verdict.EXACTLY, "largest": 0.0}, "exactly"),
        ({"verdict": Verdict.WITHIN, "largest": 1e-9}, "within 1e-6"),
        ({"verdict": Verdict.NOT, "difference": "the variable 'x'", "cell": 0}, "not, first difference in cell 0: the variable 'x'"),
        ({"verdict": Verdict.NOT, "difference": "coef_"}, "not, the model differs: coef_"),
    ],
)  # fmt: skip
def test_a_verdict_is_one_line_with_the_first_difference(found, said):
    assert str(Reproduction(version="iris@1.0.0", **found)) == said
