"""Where a registry lies."""

import os

import pytest

from jupyter_modelmgmt.places import place, user


@pytest.fixture(autouse=True)
def nobody_says(monkeypatch):
    """Forget what a server of another test told this process."""
    monkeypatch.delenv("JUPYTER_MODELMGMT_URL", raising=False)
    monkeypatch.delenv("JUPYTER_MODELMGMT_ARTIFACTS", raising=False)


@pytest.fixture
def told(monkeypatch):
    """Say a registry by the environment, as the Jupyter server does for its kernels."""

    def tell(url, artifacts):
        monkeypatch.setenv("JUPYTER_MODELMGMT_URL", url)
        monkeypatch.setenv("JUPYTER_MODELMGMT_ARTIFACTS", artifacts)

    return tell


def test_nobody_says_so_and_it_lies_in_jupyters_data_folder(own_folders):
    data = own_folders / "data" / "modelmgmt"
    assert place(None, None) == (f"sqlite:///{data / 'registry.db'}", str(data))


def test_files_lie_beside_the_database():
    assert place("sqlite:////some/where/registry.db", None) == ("sqlite:////some/where/registry.db", "/some/where")


def test_what_is_given_counts_before_the_environment(told):
    told("sqlite:////server/registry.db", "s3://bucket")
    assert place(None, None) == ("sqlite:////server/registry.db", "s3://bucket")
    assert place("sqlite:////server/registry.db", None)[1] == "s3://bucket"
    assert place(None, "/mine")[1] == "/mine"


def test_another_registry_does_not_take_the_servers_files(told):
    told("sqlite:////server/registry.db", "s3://bucket")
    assert place("sqlite:////carried/away/registry.db", None)[1] == "/carried/away"


def test_the_environment_may_say_the_artifacts_alone(monkeypatch):
    monkeypatch.setenv("JUPYTER_MODELMGMT_ARTIFACTS", "s3://bucket")
    assert place("postgresql+psycopg://host/db", None) == ("postgresql+psycopg://host/db", "s3://bucket")


def test_a_relative_path_means_the_same_everywhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert place("sqlite:///here/registry.db", None) == (
        f"sqlite:///{tmp_path}/here/registry.db",
        str(tmp_path / "here"),
    )


def test_who_has_no_name_on_this_machine_is_unknown(monkeypatch):
    """Source: containers that run as any number, which no list of users has."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 5)
    assert user() == "unknown"
