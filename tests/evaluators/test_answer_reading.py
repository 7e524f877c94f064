"""Every convention by which models name files, and what cannot be read."""

from __future__ import annotations

import json

import pytest

from evaluators.answer import read, render
from evaluators.draft import MAX_ARTIFACT_BYTES, Draft
from evaluators.finding import Severity

T = "```"


def files(text: str, **options: object) -> dict[str, str]:
    """The files of an answer that reads without a finding."""
    answer = read(text, **options)  # type: ignore[arg-type]
    assert answer.malformed == ()
    assert answer.truncated is None
    return {artifact.path: artifact.text for artifact in answer.draft}


def rules(text: str, **options: object) -> list[str]:
    """The rules of an answer's findings."""
    return [finding.rule for finding in read(text, **options).malformed]  # type: ignore[arg-type]


ONE = {"app/main.py": "x = 1\n"}


@pytest.mark.parametrize(
    "text",
    [
        f"{T}python app/main.py\nx = 1\n{T}\n",
        f"{T}app/main.py\nx = 1\n{T}",
        f"{T}python:app/main.py\nx = 1\n{T}",
        f'{T}python title="app/main.py"\nx = 1\n{T}',
        f"{T}python title='app/main.py' linenums=1\nx = 1\n{T}",
        f"{T}python filename=app/main.py\nx = 1\n{T}",
        f"{T}py file: app/main.py\nx = 1\n{T}",
        f"{T}{{.python file=app/main.py}}\nx = 1\n{T}",
        f'{T}{{.python filename="app/main.py" #id}}\nx = 1\n{T}',
        f"{T}python # app/main.py\nx = 1\n{T}",
        f"{T}python (app/main.py)\nx = 1\n{T}",
        f"{T}python ./app/main.py\nx = 1\n{T}",
        f"{T}python app\\main.py\nx = 1\n{T}",
        "~~~python app/main.py\nx = 1\n~~~\n",
        f"````python app/main.py\nx = 1\n````{T}\n",
        f"### app/main.py\n\n{T}python\nx = 1\n{T}\n",
        f"### 1. `app/main.py`\n\nThe entry point. It is short.\n\n{T}python\nx = 1\n{T}\n",
        f"## File: app/main.py\n{T}\nx = 1\n{T}\n",
        f"### app/main.py - the entry point\n{T}python\nx = 1\n{T}\n",
        f"Files:\n\n- a.py\n- b.py\n\n### app/main.py\n{T}\nx = 1\n{T}\n",
        f"### app/main.py (new)\n{T}python\nx = 1\n{T}\n",
        f"**app/main.py**\n\n{T}python\nx = 1\n{T}\n",
        f"**`app/main.py`**:\n{T}python\nx = 1\n{T}\n",
        f"**File: `app/main.py`**\n{T}python\nx = 1\n{T}\n",
        f"`app/main.py`\n{T}python\nx = 1\n{T}\n",
        f"File: app/main.py\n{T}python\nx = 1\n{T}\n",
        f"File path: `app/main.py`\n{T}python\nx = 1\n{T}\n",
        f"📄 app/main.py\n{T}python\nx = 1\n{T}\n",
        f"1. `app/main.py`:\n\n   {T}python\n   x = 1\n   {T}\n",
        f"- **app/main.py**\n\n  {T}python\n  x = 1\n  {T}\n",
        f"1. app/main.py:\n\n{T}python\nx = 1\n{T}\n",
        f"10. `app/main.py`\n\n        {T}python\n        x = 1\n        {T}\n",
        f"> `app/main.py`\n>\n> {T}python\n> x = 1\n> {T}\n",
        f"The entry point is `app/main.py`:\n\n{T}python\nx = 1\n{T}\n",
        f"<!-- app/main.py -->\n{T}python\nx = 1\n{T}\n",
        f"<details>\n<summary>files</summary>\n{T}python app/main.py\nx = 1\n{T}\n</details>\n",
        json.dumps({"files": [{"path": "app/main.py", "content": "x = 1\n"}]}),
        json.dumps({"files": {"app/main.py": "x = 1"}}),
        json.dumps({"app/main.py": "x = 1\n"}),
        json.dumps([{"filename": "app/main.py", "code": "x = 1\n"}]),
        f"Here you are.\n{T}json\n{json.dumps({'app/main.py': 'x = 1'})}\n{T}\nEnjoy!",
        f"\ufeff{T}python app/main.py\r\nx = 1\r\n{T}\r\n",
        f"{T}python app/main.py\rx = 1\r{T}\r",
        f"{T}diff\n--- /dev/null\n+++ b/app/main.py\n@@ -0,0 +1 @@\n+x = 1\n{T}\n",
        "diff --git a/app/main.py b/app/main.py\nnew file mode 100644\n"
        "--- /dev/null\n+++ b/app/main.py\n@@ -0,0 +1 @@\n+x = 1\n",
    ],
)  # fmt: skip
def test_every_way_to_name_a_file_is_read(text: str) -> None:
    assert files(text) == ONE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{T}python\n# app/main.py\nx = 1\n{T}", {"app/main.py": "# app/main.py\nx = 1\n"}),
        (f"{T}python\n# File: app/main.py\nx\n{T}", {"app/main.py": "# File: app/main.py\nx\n"}),
        (f"{T}js\n// file: src/a.js\nx\n{T}", {"src/a.js": "// file: src/a.js\nx\n"}),
        (f"{T}html\n<!-- t/a.html -->\n<p>\n{T}", {"t/a.html": "<!-- t/a.html -->\n<p>\n"}),
        (f"{T}sql\n-- schema.sql\nSELECT 1;\n{T}", {"schema.sql": "-- schema.sql\nSELECT 1;\n"}),
        (f"{T}css\n/* a.css */\np {{}}\n{T}", {"a.css": "/* a.css */\np {}\n"}),
        (f"{T}\n# .env.example\nA=1\n{T}", {".env.example": "# .env.example\nA=1\n"}),
        (f"{T}dockerfile\n# Dockerfile\nFROM x\n{T}", {"Dockerfile": "# Dockerfile\nFROM x\n"}),
        (f"{T}bash\n#!/bin/sh\n# run.sh\nls\n{T}", {"run.sh": "#!/bin/sh\n# run.sh\nls\n"}),
        (f"{T}json\n// package.json\n{{}}\n{T}", {"package.json": "{}\n"}),
        (f"### app/__init__.py\n{T}python\n{T}", {"app/__init__.py": ""}),
        (f"**__init__.py**\n{T}python\n{T}", {"__init__.py": ""}),
        (f"{T}python app/a b.py\nx\n{T}", {"app/a b.py": "x\n"}),
        (f'{T}python path="app/a b.py"\nx\n{T}', {"app/a b.py": "x\n"}),
        (f"{T}Dockerfile\nFROM x\n{T}", {"Dockerfile": "FROM x\n"}),
        (f"### d/Dockerfile\n{T}Dockerfile\nFROM x\n{T}", {"d/Dockerfile": "FROM x\n"}),
        (f"{T}text Makefile\nall:\n{T}", {"Makefile": "all:\n"}),
        (f"{T}makefile path=Makefile\nall:\n{T}", {"Makefile": "all:\n"}),
        (f"{T}python a.py\nx\u2028y\x0bz\n{T}", {"a.py": "x\u2028y\x0bz\n"}),
    ],
)
def test_comments_names_and_odd_characters(text: str, expected: dict[str, str]) -> None:
    assert files(text) == expected


@pytest.mark.parametrize(
    "block",
    [
        f"{T}bash\npip install -r requirements.txt\n{T}",
        f"Run `app/main.py`:\n{T}bash\npython app/main.py\n{T}",
        f"Add this line to `app/main.py`:\n{T}python\nimport x\n{T}",
        f"### app/main.py\n{T}json\n{{}}\n{T}",
        f"{T}\napp/\n  main.py\n{T}",
        f"{T}12:15:app/main.py\nx = 2\n{T}",
        f"{T}python app/main.py lines 3-4\nx = 2\n{T}",
        f'{T}mermaid title="The parts"\ngraph TD\n{T}',
        f"{T}json\n" + '{"id": 1, "name": "a.b"}' + f"\n{T}",
        f"{T}python\nprint(1)\n{T}",
        f"### docs.md\n\n{T}mermaid\ngraph TD\n{T}",
        f"### app/main.py\n\n{T}text\nStarted.\n{T}",
        f"### app/main.py\n\n{T}http\nGET /\n{T}",
        f"- `app/a.py` - the app\n- `app/b.py` - the rest\n\n{T}\napp/\n{T}",
        f"`app/a.py`\n`app/b.py`\n\n{T}python\nimport app\n{T}",
    ],
)
def test_examples_and_commands_are_no_files_and_are_noted(block: str) -> None:
    answer = read(f"{T}python app/kept.py\nx = 1\n{T}\n\n{block}\n")
    assert answer.draft.paths == ("app/kept.py",)
    assert answer.malformed == ()
    assert answer.notes == ("1 block was passed over: no path",)


def test_a_heading_names_the_first_fence_that_agrees() -> None:
    text = f"### app/main.py\n\nInstall:\n\n{T}bash\npip install x\n{T}\n\n{T}python\nx = 1\n{T}\n\n{T}python\ny\n{T}\n"
    answer = read(text)
    assert {a.path: a.text for a in answer.draft} == ONE


NEST = "# T\n\n{0}bash\nmake\n{0}\n\nmore\n"


@pytest.mark.parametrize(
    ("text", "readme"),
    [
        (f"````markdown README.md\n{NEST.format(T)}````\n", NEST.format(T)),
        (f"~~~markdown README.md\n{NEST.format(T)}~~~\n", NEST.format(T)),
        (f"{T}markdown README.md\n{NEST.format(T)}{T}\n", NEST.format(T)),
        (f"### README.md\n{T}md\n{NEST.format(T)}{T}\n", NEST.format(T)),
        (f"{T}markdown README.md\n# T\n\n{T}\napp/\n{T}\n\nmore\n{T}\n", "# T\n\n```\napp/\n```\n\nmore\n"),
        (f"{T}markdown README.md\nRun:\n{T}\nx\n{T}\n\n{T}sh\ny\n{T}\n{T}\n", "Run:\n```\nx\n```\n\n```sh\ny\n```\n"),
        (f"{T}markdown README.md\n# T\n{T}\n", "# T\n"),
    ],
)
def test_fences_inside_a_readme(text: str, readme: str) -> None:
    after = f"\nStart it:\n\n{T}bash\nuvicorn x\n{T}\n\n{T}python app/main.py\nx = 1\n{T}\n"
    assert files(text + after) == {"README.md": readme, **ONE}
    assert files(f"{T}python app/main.py\nx = 1\n{T}\n\n{text}") == {**ONE, "README.md": readme}


def test_a_docstring_with_a_fence_does_not_end_the_file() -> None:
    body = f'"""Doc.\n\n{T}\nexample\n{T}\n"""\nx = 1\n'
    assert files(f"{T}python app/main.py\n{body}{T}\n\nDone.\n") == {"app/main.py": body}


def test_a_forgotten_end_is_put_where_the_next_file_begins() -> None:
    text = f"{T}python app/a.py\na\n{T}python app/b.py\nb\n{T}\n"
    assert files(text) == {"app/a.py": "a\n", "app/b.py": "b\n"}


def test_a_list_fence_with_unindented_content() -> None:
    text = f"1. `app/main.py`\n\n   {T}python\nx = 1\n   {T}\n\n2. `app/b.py`\n\n   {T}python\ny = 1\n   {T}\n"
    assert files(text) == {**ONE, "app/b.py": "y = 1\n"}


def test_the_last_whole_version_wins_and_is_noted() -> None:
    text = f"{T}python a.py\none\n{T}\n{T}python a.py\ntwo\n{T}\n"
    answer = read(text)
    assert answer.draft == Draft.of({"a.py": "two\n"})
    assert answer.notes == ("a.py is there twice (another text); the last one counts",)


@pytest.mark.parametrize(
    "line",
    [
        "# ... rest unchanged",
        "# ... existing code ...",
        "    # … (rest of the file remains the same)",
        "// ... keep existing routes",
        "-- ... remaining tables as before",
        "<!-- rest of the file unchanged -->",
        "... existing code ...",
        "# rest of the code remains the same",
        "# (rest of the file unchanged)",
        "# existing imports here",
        "    # other methods unchanged",
        "/* ... same as before ... */",
    ],
)
def test_a_shortened_file_is_a_finding_and_not_taken(line: str) -> None:
    answer = read(f"{T}python a.py\nx = 1\n{line}\ny = 2\n{T}\n")
    assert [f.rule for f in answer.malformed] == ["file-elided"]
    assert answer.malformed[0].evidence == line.strip()
    assert len(answer.draft) == 0
    whole = read(f"{T}python a.py\n{line}\n{T}\n\n{T}python a.py\nx = 1\n{T}\n")
    assert whole.draft == Draft.of({"a.py": "x = 1\n"})
    assert whole.malformed == ()


@pytest.mark.parametrize(
    "line",
    [
        "...",
        "    ...",
        "def f(*args: int) -> None: ...",
        "x: tuple[int, ...] = ()  # the rest",
        "# Reuse the existing session.",
        "# Wait ... then retry",
        "print('loading ...')",
        "# The rest of the request is refused with 409.",
        "# keep the same order",
        "raise NotFound('... the rest')",
    ],
)
def test_code_that_only_looks_shortened_is_taken(line: str) -> None:
    assert files(f"{T}python a.py\n{line}\n{T}\n") == {"a.py": line + "\n"}


def test_prose_may_say_that_the_rest_is_unchanged() -> None:
    assert files(f"{T}markdown a.md\n... existing code ...\n{T}\n") == {"a.md": "... existing code ...\n"}


@pytest.mark.parametrize(
    "path", ["../x.py", "/etc/passwd.txt", "a/../../x.py", ".git/hooks/pre-commit", "C:\\x.py", "con.py", "~/x.py",
             ".backwright/landed.json", "a/.GIT/config.ini"],
)  # fmt: skip
def test_an_unsafe_path_is_a_finding(path: str) -> None:
    answer = read(f"{T}python {path}\nevil()\n{T}\n")
    assert len(answer.draft) == 0
    (finding,) = answer.malformed
    assert finding.rule == "unsafe-path"
    assert finding.evidence == "evil()"
    assert finding.location.line == 1


@pytest.mark.parametrize(
    ("first", "second"), [("App.py", "app.py"), ("app", "app/a.py"), ("app/a.py", "app"), ("App/a.py", "app/b.py")]
)
def test_paths_that_collide_are_a_finding(first: str, second: str) -> None:
    one = render(Draft.of({first: "1\n"}))
    two = render(Draft.of({second: "2\n"}))
    answer = read(one + two)
    assert answer.draft.paths == (first,)
    assert [f.rule for f in answer.malformed] == ["path-collision"]
    assert rules(two, base=Draft.of({first: "1\n"})) == ["path-collision"]


def test_bounds() -> None:
    large = "x" * (MAX_ARTIFACT_BYTES + 1)
    assert rules(f"{T}text a.txt\n{large}\n{T}\n") == ["file-too-large"]
    big = "x" * (MAX_ARTIFACT_BYTES - 10)
    many = "".join(f"{T}text a{number}.txt\n{big}\n{T}\n" for number in range(9))
    assert rules(many) == ["draft-too-large"]
    assert rules("x" * 17_000_000) == ["answer-too-long"]
    counted = json.dumps({"files": {f"a{number}.py": "" for number in range(2001)}})
    answer = read(counted)
    assert len(answer.draft) == 2000
    assert [f.rule for f in answer.malformed] == ["too-many-files"]


def test_characters_that_no_file_can_hold() -> None:
    assert rules(f"{T}python a.py\nx\0y\n{T}\n") == ["unwritable-character"]
    assert rules('{"a.py": "\\ud800"}') == ["unwritable-character"]
    assert files(f"\0\n{T}python a.py\nx\n{T}\n") == {"a.py": "x\n"}
    assert files(f"{T}python a.py\nx\ufffd\n{T}\n") == {"a.py": "x\ufffd\n"}


@pytest.mark.parametrize(
    "text", ["", "   \n", "I cannot help with that.", f"{T}bash\nls\n{T}", "{}", "[1]", '{"a": 1}']
)
def test_an_answer_without_files(text: str) -> None:
    (finding,) = read(text).malformed
    assert finding.rule == "answer-without-files"
    assert finding.severity is Severity.ERROR
    assert finding.evidence == text.strip()
    assert "```python app/main.py" in finding.hint


def test_a_cut_answer_says_where() -> None:
    answer = read(f"{T}python a.py\nx = 1\n{T}\n\n{T}python app/main.py\ndef f(")
    assert answer.draft.paths == ("a.py",)
    assert answer.truncated is not None
    assert (answer.truncated.path, answer.truncated.line, answer.truncated.text) == ("app/main.py", 5, "def f(")
    assert [f.rule for f in answer.malformed] == ["answer-truncated"]
    half = read(f"{T}python app/ma")
    assert half.truncated is not None
    assert half.truncated.path == ""


def test_a_complete_answer_may_forget_its_last_end() -> None:
    answer = read(f"{T}python app/main.py\nx = 1\n", complete=True)
    assert {a.path: a.text for a in answer.draft} == ONE
    assert answer.malformed == ()
    assert len(answer.notes) == 1


def test_hostile_markdown_is_read_in_time() -> None:
    for text in (
        f"{T}markdown a.md\n" * 20_000,
        f"{T}\n" * 40_001,
        "> " * 20_000,
        "- " * 20_000,
        f"{T}python " + " " * 300_000 + "x\n",
        "#" * 300_000,
        f"{T}python a.py\n" * 5_000,
        "**" + "-" * 690 + "x\n" + f"{T}\nx\n{T}\n",
        "[" * 100_000,
        f"{T}sql\n-- {' ' * 200_000}x\n{T}\n",
        "".join(f"Line {number} of prose\n{T}bash\nls\n{T}\n" for number in range(5_000)),
    ):
        read(text)
