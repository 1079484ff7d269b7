"""What is in memory, beside what is registered. Source: N12."""

from sklearn.linear_model import Ridge


def test_an_object_in_memory_is_known_as_its_version_until_it_is_fitted_again(any_reg, unhurried):
    x, y = [[0.0], [1.0], [2.0]], [0.0, 1.0, 2.5]
    variables = {"clf": Ridge().fit(x, y), "other": Ridge(alpha=3).fit(x, y)}
    any_reg.register(variables["clf"], "churn", prove=False)
    again = any_reg.register(variables["clf"], "churn", prove=False, allow_identical=True)

    def standings():
        return [model.standing for model in any_reg.in_memory(variables)]

    assert again.version == "1.1.0"
    assert standings() == ["= churn 1.1.0", "not registered"]
    variables["clf"].fit(x, [1.0, 1.0, 0.0])
    assert standings() == ["differs from churn 1.1.0", "not registered"]
    any_reg.delete("churn@1.1.0")
    variables["clf"].fit(x, y)
    assert standings() == ["= churn 1.0.0", "not registered"]
    assert "= churn 1.0.0" in any_reg.in_memory(variables)._repr_html_()
