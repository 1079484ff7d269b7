"""Verbs of kept tests."""

from jupyter_modelmgmt.registry import Registry
from jupyter_modelmgmt.terminal import counting
from jupyter_modelmgmt.verbs.base import SELECTOR, Arguments, Namespace, Verb, arg

MODEL = arg("name", help="the model's name")
TEST = arg("test", help="the test's name, see tests")


def _keep(reg: Registry, args: Arguments, namespace: Namespace) -> object:
    data = namespace.get(args.input, args.input)
    return reg.keep_test(args.selector, data, name=args.name or "", tolerance=args.tolerance, threshold=args.threshold)


def _tests(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    return reg.test_results(args.target) if "@" in args.target else reg.kept_tests(args.target)


def _run(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    with counting(f"Testing {args.selector}") as told:
        return reg.run_tests(args.selector, args.tests, progress=told)


def _remove(reg: Registry, args: Arguments, _namespace: Namespace) -> object:
    reg.remove_test(args.name, args.test, confirm=args.confirm)
    return f"The test {args.test!r} of {args.name} is removed."


VERBS: dict[str, Verb] = {
    "keep-test": Verb(
        "Ask a version, and keep the input with its answer: every new version is asked again",
        (
            SELECTOR,
            arg("input", help="an image file, in a cell also a variable"),
            arg("--name", help="what it is called; else as its file"),
            arg("--tolerance", type=float, help="how much may differ, from 0 to 1; else what suits the answer"),
            arg("--threshold", type=float, default=0.0, help="labels and boxes below this score do not count (0)"),
        ),
        _keep,
    ),
    "tests": Verb(
        "List the kept tests of a model, or what became of them with a version",
        (arg("target", help="a model, or a version: name@1.2.0"),),
        _tests,
    ),
    "run-tests": Verb(
        "Ask a version again what its model's kept tests asked",
        (SELECTOR, arg("tests", nargs="*", help="their names; all when none is given")),
        _run,
    ),
    "remove-test": Verb(
        "Forget a kept test",
        (MODEL, TEST, arg("--confirm", default="", help="the test's name once more")),
        _remove,
        confirms=lambda args: args.test,
    ),
}
