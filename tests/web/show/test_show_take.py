"""What is taken away: the same bytes each time, paths that stay inside, a patch that git takes."""

from __future__ import annotations

import io
import subprocess
import zipfile
from pathlib import Path

import pytest

from evaluators.draft import UnsafePath
from web.show.take import patch, zipped

FILES = {
    "app/main.py": "print('hello')\n",
    "empty.txt": "",
    "no end.txt": "one\ntwo",
    "Größe/漢字.md": "text\n",
    "sep.txt": "a\u2028b\x0cc\r\nd\n",
    'with"not.txt'.replace('"', "'"): "-- a\n+++ b\n",
}


def test_a_zip_has_every_file_and_is_the_same_each_time() -> None:
    data = zipped(FILES, "backwright-01ab")
    assert data == zipped(dict(reversed(FILES.items())), "backwright-01ab")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        held = {name: archive.read(name).decode() for name in archive.namelist()}
        assert all(not info.is_dir() and info.external_attr >> 16 == 0o100644 for info in archive.infolist())
    assert held == {f"backwright-01ab/{path}": text for path, text in FILES.items()}


def test_git_applies_the_patch(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    (tmp_path / "x.patch").write_bytes(patch(FILES).encode())
    subprocess.run(["git", "apply", "x.patch"], cwd=tmp_path, check=True, capture_output=True)
    for path, text in FILES.items():
        assert (tmp_path / path).read_bytes().decode() == text


@pytest.mark.parametrize(
    "path",
    ["../x", "/etc/passwd", "a/../../x", "a/.git/config", "C:\\x", "a\0b", ".backwright/x", "nul", "a\nb", "~/x"],
)
def test_a_path_that_leads_elsewhere_is_refused(path: str) -> None:
    for make in (lambda files: zipped(files, "f"), patch):
        with pytest.raises(UnsafePath):
            make({path: "x"})


def test_two_names_that_are_one_elsewhere_are_refused() -> None:
    with pytest.raises(UnsafePath, match="one file"):
        zipped({"A.txt": "1", "a.txt": "2"}, "f")
