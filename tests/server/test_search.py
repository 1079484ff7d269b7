import pytest


@pytest.fixture
def three(registry, tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(b"weights")
    for name, accuracy in (("digits", 0.8), ("digits", 0.9), ("words", 0.95)):
        registry.register_files(path, name, metrics={"accuracy": accuracy}, allow_identical=True)


def names(page):
    return [f"{v['model']}@{v['version']}" for v in page["items"]]


async def test_all_versions_are_searched_in_pages(ask, three):
    asked = {"filter": "metrics.accuracy > 0.85", "sort": "metrics.accuracy", "limit": "1"}
    status, page = await ask("GET", "versions", params=asked)
    assert (status, names(page)) == (200, ["digits@1.1.0"])
    _, rest = await ask("GET", "versions", params={**asked, "cursor": page["next_cursor"]})
    assert (names(rest), rest["next_cursor"]) == (["words@1.0.0"], None)


async def test_one_model_and_all_models_are_filtered(ask, three):
    _, page = await ask("GET", "models", "digits", "versions", params={"filter": "metrics.accuracy > 0.85"})
    assert names(page) == ["digits@1.1.0"]
    _, page = await ask("GET", "models", params={"filter": "metrics.accuracy > 0.92"})
    assert [m["name"] for m in page["items"]] == ["words"]


@pytest.mark.parametrize("path", [("versions",), ("models",), ("models", "digits", "versions")])
async def test_a_mistake_points_at_its_character(ask, three, path):
    status, error = await ask("GET", *path, params={"filter": "metrics.accuracy > high"})
    assert (status, error["code"]) == (400, "bad_search")
    assert (
        error["message"] == "metrics.accuracy is compared with a number at character 19: metrics.accuracy > <here>high"
    )
    status, error = await ask("GET", *path, params={"sort": "color"})
    assert (status, error["code"]) == (400, "bad_field")
