import pytest
from hypothesis import given
from hypothesis import strategies as st
from semver import Version

from jupyter_modelmgmt.domain import versions
from jupyter_modelmgmt.domain.errors import BadVersion

NUMBERS = st.integers(0, 10**16 - 1)
WORDS = st.text("abcABC019-", min_size=1, max_size=6).filter(lambda w: not w.isdigit() or w == str(int(w)))
PRERELEASES = st.none() | st.lists(WORDS, min_size=1, max_size=3).map(".".join)
VERSIONS = st.builds(Version, NUMBERS, NUMBERS, NUMBERS, PRERELEASES)


@given(VERSIONS, VERSIONS)
def test_sort_keys_order_as_versions_do(a, b):
    by_key = (versions.sort_key(a) > versions.sort_key(b)) - (versions.sort_key(a) < versions.sort_key(b))
    assert by_key == a.compare(b)


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "1.0", "01.0.0", "1.0.0-01", "1.0.0\n", "\uff11.0.0", "1.0.0-", "1.0.0+", "latest", "1.0.0 ", "-1.0.0",
        "99999999999999999.0.0", "1.0.0-99999999999999999", "1.0.0-" + "a" * 200, "vv1.0.0", "1.0.0\x00", "1..0", "a.b.c",
    ],
)  # fmt: skip
def test_what_is_no_version_is_refused(text):
    with pytest.raises(BadVersion):
        versions.parse(text)


@pytest.mark.parametrize(
    ("text", "version"), [("v1.2.3", "1.2.3"), ("0.0.0", "0.0.0"), ("1.0.0-rc.1+b7", "1.0.0-rc.1+b7")]
)
def test_versions_are_read(text, version):
    assert str(versions.parse(text)) == version


@pytest.mark.parametrize(
    ("latest", "bump", "following"),
    [
        (None, "minor", "1.0.0"),
        ("1.0.0", "major", "2.0.0"),
        ("1.0.0", "minor", "1.1.0"),
        ("1.1.0", "patch", "1.1.1"),
        ("1.2.3-rc.1", "patch", "1.2.3"),
    ],
)
def test_a_bump_leads_to_the_next_version(latest, bump, following):
    assert versions.choose(None, latest, bump) == following


def test_an_unknown_bump_is_refused():
    with pytest.raises(BadVersion, match="major, minor or patch"):
        versions.choose(None, "1.0.0", "huge")


def test_build_metadata_does_not_make_another_version():
    assert versions.identity(versions.parse("1.0.0+a")) == versions.identity(versions.parse("1.0.0"))
