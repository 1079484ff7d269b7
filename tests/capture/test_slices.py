"""Which cells an object depends on, told by their text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jupyter_modelmgmt.capture.cells import Past, backwards

NAMES = "abcd"


def kept(name, *cells, failed=()):
    past = Past()
    for count, source in enumerate(cells, 1):
        past.add(count, source, failed="ValueError" if count in failed else "")
    return [cell.count for cell in backwards(past.cells, past.names.code_behind(name).reads)]


def test_cells_that_have_no_part_are_left_out():
    assert kept("m", "x = 1", "z = 5", "m = [x]", "print(m)", "len(x)") == [1, 3]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["a = [1]", "b = a", "b.append(2)"], [1, 2, 3]),
        (["a = [1]", "b = [a]", "b[0].append(2)"], [1, 2, 3]),
        (["a = [1]", "for each in [a]: each.append(2)"], [1, 2]),
        (["a = [1]", "[each.append(2) for each in [a]]"], [1, 2]),
        (["a = [1]", "def f(): a.append(2)", "f()"], [1, 2, 3]),
        (["a = [1]", "def f(x): x.append(2)", "def g(x): f(x)", "g(a)"], [1, 2, 3, 4]),
        (["a = 1", "def f():\n global a\n a = 2", "f()"], [1, 2, 3]),
        (["a = [1]", "class C:\n def go(self, x): x.append(3)", "C().go(a)"], [1, 2, 3]),
        (["a = [1]", "f = lambda x: x.append(2)", "f(a)"], [1, 2, 3]),
        (["a = {}", "a['k'] = 1"], [1, 2]),
        (["class A: pass\na = A()", "a.weight = 1"], [1, 2]),
        (["class A: pass\na = A()", "setattr(a, 'weight', 1)"], [1, 2]),
        (["a = [1]", "a += [2]"], [1, 2]),
        (["a = 1", "if a: a = 2"], [1, 2]),
        (["a = 1", "a = 2"], [2]),
        (["a = 1", "del a", "a = 3"], [3]),
        (["from random import *", "a = 1"], [1, 2]),
        (["import numpy as np", "np.random.seed(0)", "a = object()"], [1, 2, 3]),
        (["import os", "os.environ['X'] = '1'", "a = 1"], [1, 2, 3]),
        (["import os", "os.chdir('..')", "a = open('x')"], [1, 2, 3]),
        (["import pandas as pd", "d = pd.DataFrame()", "d.to_csv('x')", "a = pd.read_csv('x')"], [1, 2, 3, 4]),
        (["b = 1", "exec(open('x').read())", "a = 1"], [1, 2, 3]),
        (["exec('b = [1]')", "a = b"], [1, 2]),
        (["b = 1", "globals()['a'] = 3"], [1, 2]),
        (["a = [1]", "(b := a).append(2)"], [1, 2]),
        (["a = [1]", "match a:\n case [x, *rest] as b: b.append(x)"], [1, 2]),
        (["a = [1]", "try:\n b = a\nfinally:\n b.append(1)"], [1, 2]),
        (["a = [1]", "x, *y = [a], 3\nx[0].append(1)"], [1, 2]),
        (["k = 2", "def f(x=k): return x", "a = f()"], [1, 2, 3]),
        (["k = 2", "def f(): return k", "k = 3", "a = f()"], [2, 3, 4]),
        (["def f(): return g()", "def g(): return 1", "a = f()"], [1, 2, 3]),
        (["def f(): return 1", "a = 1", "class A:\n x = f()", "a = A()"], [1, 3, 4]),
        (["a = [[1]]", "b, = a", "b.append(1)"], [1, 2, 3]),
        (["from functools import partial", "a = [1]", "f = partial(a.append, 2)", "f()"], [1, 2, 3, 4]),
    ],
)
def test_what_may_change_an_object_stays_in(cells, expected):
    assert kept("a", *cells) == expected


FRAMES = "import numpy as np\nimport pandas as pd\nfrom sklearn.svm import SVC\nfrom sklearn import metrics"


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ("df.head()", False),
        ("df.describe()", False),
        ("df.plot(x='x')", False),
        ("other = SVC().fit(df, y)", False),
        ("metrics.accuracy_score(y, clf.predict(df))", False),
        ("clf.predict(df)", False),
        ("np.mean(df)", False),
        ("plain = df.x.mean()", False),
        ("print(df)\nlen(y)", False),
        ("import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nax.scatter(df.x, y)\nplt.show()", False),
        ("import jupyter_modelmgmt as mm\nreg = mm.connect()\nreg.register(clf, 'm')", False),
        ("df['z'] = 1", True),
        ("df.loc[0, 'x'] = 3", True),
        ("df.x.values[0] = 3", True),
        ("df.drop(columns='x', inplace=True)", True),
        ("np.add(df, 1, out=df)", True),
        ("np.random.shuffle(y)", True),
        ("df.insert(0, 'q', 3)", True),
        ("half = df[:5]\nhalf.x.values[0] = 7", True),
        ("unknown(df)", True),
    ],
)
def test_looking_is_not_changing(cell, part):
    cells = [FRAMES, "df, y = pd.DataFrame({'x': [1, 2]}), np.arange(2)", cell, "clf = SVC().fit(df, y)"]
    assert (3 in kept("clf", *cells)) is part
    after = [*cells[:2], cells[3], cell]
    if not part:
        assert 4 not in kept("clf", *after)


def test_a_class_of_the_users_may_do_anything_with_the_names_of_known_methods():
    own = "class Net:\n def fit(self, x): x.append(1)"
    assert kept("x", "x = []", own, "net = Net()", "net.fit(x)") == [1, 2, 3, 4]


OWN = "class Net:\n def fit(self, x, y=0): x['z'] = 1\n def predict(self, x): x['z'] = 2\n def append(self, x): x['z'] = 3"
PACKAGED = [
    "from sklearn.pipeline import make_pipeline\nfrom sklearn.model_selection import GridSearchCV, train_test_split",
    FRAMES,
    "df = pd.DataFrame({'x': [1, 2]})\ny = np.arange(2)\nclf = SVC(C=2.0)\nsteps = []",
    "clf.fit(df, y)",
]


@pytest.mark.parametrize("defined", [["x = 1"], [OWN]])
@pytest.mark.parametrize(
    "cell",
    [
        "clf.fit(df, y)\nclf.predict(df)",
        "other = SVC().fit(df, y).predict(df)",
        "pipe = make_pipeline(SVC(), SVC(C=float(3)))\npipe.fit(df, y)\npipe[0].predict(df)",
        "grid = GridSearchCV(SVC(), {'C': [1, 2]})\ngrid.fit(df, y)\ngrid.best_estimator_.predict(df)",
        "train, test = train_test_split(df)\nclf.fit(train, train.x)\nclf.predict(test)\ndf.x.to_numpy().tolist()",
    ],
)
def test_methods_of_packages_are_not_those_of_a_class_of_the_users_with_the_same_names(defined, cell):
    assert kept("df", *PACKAGED, *defined, cell) == [2, 3]


@pytest.mark.parametrize(
    "cell",
    [
        "net = Net()\nnet.fit(df)",
        "pipe = make_pipeline(Net())\npipe.fit(df, y)",
        "net = Net()\nnets = [net]\nGridSearchCV(nets[0], {}).fit(df)",
        "def made(): return Net()\npipe = make_pipeline(made())\npipe.fit(df)",
        "pipe = make_pipeline(SVC())\npipe.steps.append(('net', Net()))\npipe.fit(df)",
        "pipe = make_pipeline(SVC())\nsteps = pipe.steps\nsteps[0] = ('net', Net())\npipe.fit(df)",
        "pipe = make_pipeline(SVC())\npipe.set_params(svc=Net())\npipe.fit(df)",
        "pipe = make_pipeline(SVC())\npipe.net = Net()\npipe.net.fit(df)",
        "pipe = make_pipeline(SVC())\ndef other():\n global pipe\n pipe = Net()\nother()\npipe.fit(df)",
        "pipe = SVC()\nif y: pipe = Net()\npipe.fit(df)",
        "for pipe in [SVC(), Net()]: pipe.fit(df)",
        "class Mine(SVC):\n def fit(self, x, y): x['z'] = 4\nMine().fit(df, y)",
        "import joblib\nnet = joblib.load('net')\nnet.fit(df)",
        "import torch\nnet = torch.load('net')\nnet.fit(df)",
        "g = globals()['net']\ng.fit(df)",
        "from mine import Other\nOther().fit(df)",
        "held = {}\nheld['net'] = Net()\nheld['net'].fit(df)",
        "held = []\nheld.append(Net())\nheld[0].fit(df)",
        "clf.fit = Net().fit\nclf.fit(df)",
    ],
)
def test_where_an_object_of_the_users_may_be_its_methods_count(cell):
    assert kept("df", *PACKAGED, OWN, cell)[-1] == 6


def test_a_cell_that_failed_counts_as_far_as_it_came():
    assert kept("a", "a = [1]", "a.append(2); 1 / 0", failed=[2]) == [1, 2]
    assert kept("a", "a = 1", "a = 2; 1 / 0", failed=[2]) == [1, 2]
    assert kept("a", "a = 1", "a = (2") == [1]


def test_code_behind_the_object_itself_is_there():
    assert kept("f", "k = 2", "z = 3", "def f(): return k") == [1, 3]
    assert kept("m", "k = 2", "class M:\n def go(self): return k", "m = M()") == [1, 2, 3]


values = st.one_of(
    st.integers(0, 9).map(str),
    st.lists(st.integers(0, 9), max_size=3).map(repr),
    st.sampled_from(NAMES).map(lambda n: f"[{n}]"),
    st.sampled_from(NAMES),
    st.sampled_from(NAMES).map(lambda n: f"({n}, 1)"),
    st.sampled_from(NAMES).map(lambda n: f"f{n}()"),
)


@st.composite
def cells(draw):
    a, b, value = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES)), draw(values)
    return draw(
        st.sampled_from([
            f"{a} = {value}",
            f"{a} = {b}, {value} = {b}, 1" if value in NAMES else f"{a} = {b}",
            f"{a} = {b} = {value}",
            f"grow({a}, {value})",
            f"{a} = grow({b}, {value})",
            f"def f{a}():\n return {value}",
            f"def f{a}():\n global {b}\n {b} = {value}\n return {b}",
            f"def f{a}():\n grow({b}, {value})",
            f"if isinstance({a}, list): {a}.append({value})",
            f"if {a}: {b} = {value}",
            f"for x in [{a}, {b}]: grow(x, {value})",
            f"for {a} in [1, {value}]: {b} = {a}",
            f"[grow(x, 3) for x in ({a}, {b})]",
            f"try:\n {a} = {value}\n {b}[0]\nexcept Exception:\n {b} = {a}",
            f"with swallow():\n {a}[0]\n {b} = {value}",
            f"{a} += {b} if type({a}) is type({b}) is list else type({a})()",
            f"f{a}()",
            f"f{a} = f{b}",
            f"{a} = Box({value})",
            f"{a} = list([{value}, 2])",
            f"{a} = [1, 2]\nlist.clear({a})",
            f"if isinstance({a}, (Box, list)) and not cyclic({a}, {b}): {a}.append({b})",
            f"{a} = [[], Box(3), 1]\n{a}[0].append({value})",
            f"{b} = [{a}]\n{b}[0] = Box({value})",
        ])
    )  # fmt: skip


PRELUDE = """
from contextlib import suppress
def swallow(): return suppress(Exception)
def grow(x, y):
    while isinstance(x, tuple): x = x[0]
    if isinstance(x, list) and not cyclic(x, y): x.append(y)
    return x
def cyclic(x, y):
    inside = y.held if isinstance(y, Box) else y
    return x is y or isinstance(inside, (list, tuple)) and any(cyclic(x, z) for z in inside)
class Box:
    def __init__(self, x): self.held = [x]
    def append(self, y):
        self.held.append(y)
        if isinstance(y, list): y += [7]
    def __repr__(self): return f"Box({self.held})"
""" + "\n".join(f"{n} = []\ndef f{n}(): return 3" for n in NAMES)


def ran(source, namespace):
    """Run a cell as a notebook does; return the name of the error that ended it."""
    try:
        exec(source, namespace)
    except Exception as error:  # noqa: BLE001 - what a notebook's cell may raise
        return type(error).__name__
    return ""


@settings(max_examples=400, deadline=None)
@given(st.lists(cells(), min_size=1, max_size=12), st.sampled_from(NAMES))
def test_the_slice_alone_gives_the_same_value(program, name):
    past, whole, alone = Past(), {}, {}
    for count, source in enumerate([PRELUDE, *program], 1):
        past.add(count, source, failed=ran(source, whole))
    for cell in backwards(past.cells, [name]):
        assert ran(cell.source, alone) == cell.failed
    assert repr(alone[name])[:10_000] == repr(whole[name])[:10_000]
