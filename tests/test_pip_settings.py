"""Index settings are read where pip reads them."""

import pytest

from jupyter_modelmgmt.domain.errors import SourceFailed
from jupyter_modelmgmt.pip_settings import Index, pip_settings


@pytest.fixture
def environ(tmp_path):
    """Give the variables of a user whose home has no pip configuration but what a test writes."""
    return {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path / ".config"),
        "PIP_CONFIG_FILE": str(tmp_path / "pip.conf"),
    }


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_chosen_file_counts(environ, tmp_path):
    write(tmp_path / "pip.conf", "[global]\nindex-url = https://one.example/simple\ncert = /ca.pem\ntimeout = 60\n")
    settings = pip_settings({**environ, "PIP_EXTRA_INDEX_URL": "https://two.example/simple"})
    assert [index.url for index in settings.indexes] == ["https://one.example/simple", "https://two.example/simple"]
    assert (settings.cert, settings.timeout_s) == ("/ca.pem", 60.0)


def test_the_users_own_file_counts(environ, tmp_path):
    del environ["PIP_CONFIG_FILE"]
    write(tmp_path / ".config" / "pip" / "pip.conf", "[global]\nindex_url = https://one.example/simple\n")
    assert pip_settings(environ).indexes[0].url == "https://one.example/simple"


def test_variables_overrule_files(environ, tmp_path):
    write(tmp_path / "pip.conf", "[global]\nindex-url = https://one.example/simple\n")
    assert pip_settings({**environ, "PIP_INDEX_URL": "https://two.example/"}).indexes[0].url == "https://two.example/"


def test_the_section_of_downloads_overrules_the_global_one(environ, tmp_path):
    write(
        tmp_path / "pip.conf",
        "[download]\nindex-url = https://two.example/\n[global]\nindex-url = https://one.example/\n",
    )
    assert pip_settings(environ).indexes[0].url == "https://two.example/"


def test_several_extra_indexes_may_stand_on_lines_of_their_own(environ, tmp_path):
    write(
        tmp_path / "pip.conf", "[global]\nextra-index-url =\n    https://one.example/\n    file:///somewhere/simple\n"
    )
    environ["PIP_INDEX_URL"] = "https://zero.example/"
    assert [index.url for index in pip_settings(environ).indexes] == [
        "https://zero.example/", "https://one.example/", "file:///somewhere/simple",
    ]  # fmt: skip


def test_user_and_password_leave_the_url(environ):
    environ["PIP_INDEX_URL"] = "https://ann%40home:s%2Fcret@one.example:8443/simple"
    assert pip_settings(environ).indexes[0] == Index(
        url="https://one.example:8443/simple", login=("ann@home", "s/cret")
    )


def test_percent_signs_in_files_are_plain(environ, tmp_path):
    write(tmp_path / "pip.conf", "[global]\nindex-url = https://ann:a%2Fb@one.example/simple\n")
    assert pip_settings(environ).indexes[0].login == ("ann", "a/b")


def test_no_files_are_read_when_pip_is_told_so(environ, tmp_path):
    write(tmp_path / ".config" / "pip" / "pip.conf", "[global]\ncert = /ca.pem\n")
    assert pip_settings({**environ, "PIP_CONFIG_FILE": "/dev/null"}).cert == ""


def test_no_index_is_an_error_that_says_so(environ):
    with pytest.raises(SourceFailed, match="no-index"):
        pip_settings({**environ, "PIP_NO_INDEX": "1"})


@pytest.mark.parametrize(
    ("text", "words"), [("no section", "cannot be read"), ("[global]\ntimeout = soon\n", "timeout")]
)
def test_a_broken_setting_is_named(environ, tmp_path, text, words):
    write(tmp_path / "pip.conf", text)
    with pytest.raises(SourceFailed, match=words):
        pip_settings(environ)
