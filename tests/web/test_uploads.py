"""A zip is hostile: what it may hold, and what is refused."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from assistant.errors import UsageError
from evaluators.draft import MAX_ARTIFACT_BYTES, MAX_ARTIFACTS
from web.uploads import pasted, unpacked


def zipped(files: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in files.items():
            made.writestr(zipfile.ZipInfo(name), content, compress_type=compression)
    return out.getvalue()


def test_text_files_come_out_with_line_feeds() -> None:
    assert unpacked(zipped({"a.py": "x = 1\r\n", "b/c.sql": "\ufeffSELECT 1;\n".encode()})) == {
        "a.py": "x = 1\n",
        "b/c.sql": "SELECT 1;\n",
    }


def test_one_folder_around_everything_is_taken_off() -> None:
    assert set(unpacked(zipped({"shop-main/app/main.py": "a", "shop-main/schema.sql": "b"}))) == {
        "app/main.py",
        "schema.sql",
    }


def test_environments_version_control_and_binaries_are_passed_over() -> None:
    files = {
        "app.py": "a",
        ".git/config": "x",
        "node_modules/y/z.js": "x",
        "venv/lib/q.py": "x",
        "logo.png": b"\x89P\0",
    }
    assert set(unpacked(zipped(files))) == {"app.py"}


@pytest.mark.parametrize(
    "name", ["../up.py", "/etc/passwd", "a/../../b.py", "C:\\x.py", "a\\..\\..\\b.py", ".backwright/x"]
)
def test_a_path_that_leaves_the_project_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="may not be called so"):
        unpacked(zipped({"ok.py": "x", name: "x"}))


def test_links_are_passed_over() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        link = zipfile.ZipInfo("link.py")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(link, "/etc/passwd")
        made.writestr("real.py", "x")
    assert set(unpacked(out.getvalue())) == {"real.py"}


def test_a_bomb_is_counted_while_it_is_read() -> None:
    with pytest.raises(UsageError, match="more than"):
        unpacked(zipped({"bomb.txt": b"a" * (MAX_ARTIFACT_BYTES + 1)}))
    many = {f"{number}.txt": b"a" * 900_000 for number in range(10)}
    with pytest.raises(UsageError, match="holds more than"):
        unpacked(zipped(many))


def test_too_many_files_are_refused() -> None:
    with pytest.raises(UsageError, match="holds more than"):
        unpacked(zipped({f"f{number}.py": "x" for number in range(MAX_ARTIFACTS + 1)}, zipfile.ZIP_STORED))


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not really", b"x" * 100, zipped({})])
def test_what_is_no_zip_is_told(data: bytes) -> None:
    with pytest.raises(UsageError, match=r"cannot be read|no text"):
        unpacked(data)


def test_pasted_files_need_a_path_and_only_once() -> None:
    assert pasted(["a.sql", ""], ["SELECT 1;\r\n", ""]) == {"a.sql": "SELECT 1;\n"}
    with pytest.raises(UsageError, match="no path"):
        pasted([""], ["x"])
    with pytest.raises(UsageError, match="twice"):
        pasted(["a.py", "./a.py"], ["x", "y"])
    with pytest.raises(UsageError, match="may not be called so"):
        pasted(["../a.py"], ["x"])
