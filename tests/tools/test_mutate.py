"""The mutation run: which mistakes it makes, where, and that it leaves the working tree alone."""

from __future__ import annotations

import ast
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tools.mutate import report
from tools.mutate.choice import choose
from tools.mutate.covering import Covering, covering
from tools.mutate.mutants import Mutant, mutants
from tools.mutate.reasons import key_of, reasons
from tools.mutate.rooms import PACKAGE, room_of, rooms, shares
from tools.mutate.source import Source
from tools.mutate.tracer import Tracer
from tools.mutate.tree import Copy
from tools.mutate.trial import Fate, Trial, Verdict

HERE = Path(__file__).parents[2]
COUNTING = """
LIMIT = 3


def below(number: int) -> bool:
    return number < LIMIT and number < 9
"""
TESTED = "from rerank_gateway.domain.counting import below\n\n\ndef test_below() -> None:\n    assert below(2)\n"


def changes(text: str) -> list[str]:
    """The lines after each mistake in *text*."""
    return [mutant.change[1] for mutant in mutants(Source("here.py", text.encode()))]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A gateway of one room with one test."""
    root = tmp_path / "project"
    room, tests = root / PACKAGE / "domain", root / "tests" / "domain"
    room.mkdir(parents=True)
    tests.mkdir(parents=True)
    (room.parent / "__init__.py").touch()
    (room / "__init__.py").touch()
    (room / "counting.py").write_text(COUNTING)
    (tests / "test_counting.py").write_text(TESTED)
    (root / "pyproject.toml").write_text('[tool.pytest.ini_options]\naddopts = ["--import-mode=importlib"]\n')
    # The copy's own tools run in it.
    (root / "tools").symlink_to(HERE / "tools")

    return root


def contents(tree: Path) -> dict[Path, bytes]:
    return {file: file.read_bytes() for file in tree.rglob("*") if file.is_file() and "tools" not in file.parts}


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("x = a < b", ["x = a <= b", "x = a >= b"]),
        ("x = a >= b", ["x = a > b", "x = a < b"]),
        ("x = a is not b", ["x = a is b"]),
        ("x = a not  in b", ["x = a in b"]),
        ("x = (a) == (b)", ["x = (a) != (b)"]),
        ("x = a and b and c", ["x = a or b and c", "x = a and b or c"]),
        ("x = not (a)", ["x = (a)"]),
        ("if a: b = c", ["if not (a): b = c"]),
        ("while a: b = c", ["while not (a): b = c"]),
        ("x = a if b else c", ["x = a if not (b) else c"]),
        ("x = [a for a in b if a]", ["x = [a for a in b if not (a)]"]),
        ("x = a + b", ["x = a - b"]),
        ("x = a // b", ["x = a * b"]),
        ("x -= a", ["x += a"]),
        ("x = min(a, b)", ["x = max(a, b)"]),
        ("x = 3", ["x = 0", "x = 4", "x = 6"]),
        ("x = 0.0", ["x = 1.0"]),
        ("x = True", ["x = False"]),
        ("x = a['k']", ["x = a['k?']"]),
        ("x = a.get('k', b)", ["x = a.get('k?', b)"]),
        ("x = {'k': a, **b}", ["x = {'k?': a, **b}"]),
        ("f(a)", ["pass"]),
        ("raise a", ["pass"]),
        ("def f(): return a", ["def f(): return None"]),
        (
            "def f(a='k', *, b=c, d=None): ...",
            ["def f(a='k?', *, b=c, d=None): ...", "def f(a='k', *, b=None, d=None): ..."],
        ),
        (
            "try: a = b\nexcept (c, d): a = e",
            ["except (FloatingPointError, d): a = e", "except (c, FloatingPointError): a = e"],
        ),
        ("x = 'é' < b  # <", ["x = 'é' <= b # <", "x = 'é' >= b # <"]),
        ("x = (a\n  # < b\n  < b)", ["<= b)", ">= b)"]),
    ],
)
def test_makes_small_mistakes(text: str, after: list[str]) -> None:
    """
    Each kind of mistake is made wherever it can be, and nothing else of the line changes.
    """
    assert after == changes(text)


@pytest.mark.parametrize(
    "text",
    [
        '"""Less than 3 < 4."""',
        "x: Literal[3]",
        "def f(a: Literal['k']) -> Literal[True]: ...",
        "X = Callable['k']",
        "X = TypeVar('X', bound=3)",
        "if TYPE_CHECKING: f(a)",
        "class A:\n    def __repr__(self): return f(3)",
        "@dataclass(frozen=True)\nclass A: ...",
        "x = zip(a, b, strict=True)",
        "x = f'{a + 3}'",
        "x = 'a' + b",
        "def f(): return ''",
        "raise_ = a",
        "import a",
    ],
)
def test_leaves_alone_what_no_test_should_notice(text: str) -> None:
    """
    Types, docstrings, guards and how things show themselves are no mistakes to make.
    """
    assert changes(text) == []


def test_a_mutant_is_another_program() -> None:
    """
    All mutants of all rooms can be read by Python, which reads something else than before.
    """
    sources = [source for room in rooms(HERE).values() for source in room]

    made = [mutant for source in sources[::10] for mutant in mutants(source)]

    assert made
    assert not [mutant.change for mutant in made if not mutant.is_real]


def test_knows_where_a_mistake_is() -> None:
    """
    A mutant tells its line, its function, the lines whose tests may notice, and whether importing runs it already.
    """
    text = "x = 1\nclass A:\n    y = 1\n    def f(self, a=1):\n        b = (\n            1)\n        return b\n"

    places = [mutant.place for mutant in mutants(Source("here.py", text.encode())) if mutant.change[1].count("2")]

    assert [(place.function, place.first, place.last, place.early) for place in places] == [
        ("", 1, 7, True),
        ("A", 2, 7, True),
        ("A.f", 4, 7, True),
        ("A.f", 5, 6, False),
    ]


def test_the_same_seed_makes_the_same_choice() -> None:
    """
    Who has the seed has the mutants; another seed has others, and there are as many as were asked for.
    """
    found = rooms(HERE)

    once, again, other = (choose(found, 30, seed, "*/domain/*") for seed in (1, 1, 2))

    assert shown(once) == shown(again) != shown(other)
    assert 30 == len(shown(once)) == len(set(shown(once)))


def test_as_many_mutants_as_were_asked_for() -> None:
    """
    What a poor room cannot give the others do, and each that has mutants gives some.
    """
    found = rooms(HERE)

    chosen = choose(found, 40, 1)

    assert len(shown(chosen)) == 40
    assert all(chosen.values())


def shown(chosen: Mapping[str, Sequence[Mutant]]) -> list[tuple[str, int, str]]:
    return [(m.path, m.edit.start, m.edit.text) for these in chosen.values() for m in these]


def test_each_room_has_its_share() -> None:
    """
    Rooms stand for mutants by their lines, descriptions for a fifth of that, and the smallest for two.
    """
    lines = {"large": ("large.py", 1000), "small": ("small.py", 1), "told": ("a/providers/b.py", 1000)}
    found = {room: [Source(path, b"x = 1\n" * count)] for room, (path, count) in lines.items()}

    assert shares(found, 100) == {"large": 80, "small": 2, "told": 18}


@pytest.mark.parametrize(
    ("path", "room"),
    [
        (f"{PACKAGE}/domain/a.py", "domain"),
        (f"{PACKAGE}/adapters/signers/a.py", "adapters"),
        (f"{PACKAGE}/adapters/providers/a.py", "adapters/providers"),
        (f"{PACKAGE}/providers/catalogue/a.py", "providers/catalogue"),
        (f"{PACKAGE}/__init__.py", "."),
        ("functions/rerank/app.py", "functions"),
    ],
)
def test_rooms_are_found_by_their_folders(path: str, room: str) -> None:
    """
    A room is a sub-package of the gateway, whatever it is called; the providers' descriptions stand apart.
    """
    assert room == room_of(Path(path))


def test_a_copy_is_edited_and_mended(tree: Path) -> None:
    """
    A mistake is made in the copy only, for a while, and Python takes no compiled file for it that is another's.
    """
    before, path = contents(tree), f"{PACKAGE}/domain/counting.py"
    copy = Copy.of(tree, tree.parent / "copy")
    times = [(copy.root / path).stat().st_mtime_ns]

    for data in (b"x = 1", b"x = 2"):
        with copy.edited(path, data):
            times.append((copy.root / path).stat().st_mtime_ns // 10**9)
            assert data == (copy.root / path).read_bytes()

    assert len(set(times)) == 3
    assert (copy.root / path).read_text() == COUNTING
    assert before == contents(tree)


def test_tests_kill_what_they_notice(tree: Path) -> None:
    """
    In a whole run a mistake that a test notices is killed by it, another one lives, and the tree is as it was.
    """
    before = contents(tree)
    covered = covering(tree)
    trial = Trial(Copy.of(tree, tree.parent / "copy"), covered, seconds=60)
    path = f"{PACKAGE}/domain/counting.py"
    first, *_, last = mutants(Source(path, (tree / path).read_bytes()))

    dead, alive = trial("domain", first), trial("domain", last)

    assert (dead.fate, dead.test) == (Fate.KILLED, "tests/domain/test_counting.py::test_below")
    assert (alive.fate, alive.test) == (Fate.SURVIVED, "")
    assert before.items() <= contents(tree).items()


def test_what_hangs_is_stopped(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Tests that take much longer than they should are killed, and that is not called surviving.
    """
    monkeypatch.setattr("tools.mutate.trial.GRACE", 3.0)
    test = "tests/domain/test_counting.py::test_below"
    trial = Trial(Copy.of(tree, tree.parent / "copy"), Covering({test: 0.0}, {}), seconds=60)

    with trial.copy.edited(f"{PACKAGE}/domain/counting.py", b"while True: ..."):
        fate, _ = trial.run([test])

    assert fate == Fate.TIMEOUT


def test_notes_lines_by_test(tmp_path: Path) -> None:
    """
    The tracer writes each line of ours once for each test, whichever thread runs it, and nobody else's.
    """
    (tmp_path / "layers").mkdir()
    code = compile(COUNTING + "\nbelow(1)\n", f"{tmp_path}/layers/counting.py", "exec")
    log = tmp_path / "log"
    writing = os.open(log, os.O_WRONLY | os.O_CREAT)
    tracer = Tracer(tmp_path, (f"{tmp_path}/layers/",), writing)

    def run() -> None:
        sys.settrace(tracer.trace)
        exec(code, {})
        exec(code, {})
        ast.parse("1")

    for test in ("one", "two"):
        tracer.switch(test)
        thread = threading.Thread(target=run)
        thread.start()
        thread.join()
    os.close(writing)

    ran = [f"layers/counting.py:{line}" for line in (2, 5, 8, 6)]
    assert ["@one", *ran, "@two", *ran] == [line for line in log.read_text().splitlines() if not line.endswith(":0")]


def test_processes_that_tests_start_are_traced(tree: Path) -> None:
    """
    What a test's process runs counts for all tests of its file, even if the process is killed.
    """
    script = "from rerank_gateway.domain.counting import below; below(1); import os; os.kill(os.getpid(), 9)"
    started = f"import subprocess, sys\n\n\ndef test_it():\n    subprocess.run([sys.executable, '-c', {script!r}])\n"
    (tree / "tests" / "domain" / "test_counting.py").write_text(started)

    covered = covering(tree)

    assert {"tests/domain/test_counting.py::test_it"} == covered.tests(f"{PACKAGE}/domain/counting.py", 6, 6)


def test_reports_who_lives_and_why() -> None:
    """
    The table counts by room, survivors are shown with their lines and their reasons, which do not make them dead.
    """
    alive, dead = list(mutants(Source("here.py", b"x = a == b\ny = a + b\n")))
    verdicts = [Verdict("domain", alive, Fate.SURVIVED), Verdict("apis", dead, Fate.KILLED)]
    told = reasons(
        "[[survivor]]\nfile = 'here.py'\nfunction = ''\nbefore = 'x = a == b'\nafter = 'x = a != b'\nreason = 'why'"
    )

    shown = report.survivors(verdicts, told)

    assert shown.splitlines() == [
        "here.py:1 in the module, survived",
        "  - x = a == b",
        "  + x = a != b",
        "  = why",
    ]
    assert [row.split() for row in report.table(verdicts).splitlines()[1:3]] == [
        ["apis", "1", "1", "0", "0", "0", "100.0", "%"],
        ["domain", "1", "0", "0", "1", "0", "0.0", "%"],
    ]
    assert report.killed(verdicts) == 50.0


def test_reasons_are_of_mutants_that_exist() -> None:
    """
    A reason whose code has changed is taken out.
    """
    told = reasons((HERE / "tools" / "mutate" / "survivors.toml").read_text())
    files = {file for file, *_ in told}
    sources = [source for room in rooms(HERE).values() for source in room if source.path in files]

    assert told.keys() <= {key_of(mutant) for source in sources for mutant in mutants(source)}
