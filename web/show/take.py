"""What a run made, to take away: a zip and a patch. The same bytes for the same files, on every machine."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from evaluators.draft import UnsafePath, safe_path

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every entry: the earliest that a zip can say."""


def guarded(files: Mapping[str, str]) -> dict[str, str]:
    """The files under paths that stay inside the folder they are unpacked in, sorted.

    A draft's paths were guarded when it was read; what comes out of a database is guarded again.

    Raises:
        UnsafePath: a path leads elsewhere, or two are one on some systems.
    """
    kept: dict[str, str] = {}
    folded: dict[str, str] = {}
    for path in sorted(files):
        safe = safe_path(path)
        other = folded.setdefault(safe.casefold(), path)
        if other != path:
            raise UnsafePath(f"{path!r} and {other!r} are one file on some systems")
        kept[safe] = files[path]
    return kept


def zipped(files: Mapping[str, str], folder: str) -> bytes:
    """A zip with everything under one folder. Raises UnsafePath."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, text in guarded(files).items():
            entry = zipfile.ZipInfo(f"{safe_path(folder)}/{path}", EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, text.encode("utf-8", "replace"))
    return made.getvalue()


def patch(files: Mapping[str, str]) -> str:
    """A patch that adds the files, for `git apply`. Raises UnsafePath."""
    return "".join(_added(path, text) for path, text in guarded(files).items())


def _added(path: str, text: str) -> str:
    """One new file."""
    old, new = _quoted(f"a/{path}"), _quoted(f"b/{path}")
    head = f"diff --git {old} {new}\nnew file mode 100644\n"
    if not text:
        return f"{head}index 0000000..e69de29\n"
    lines = text.split("\n")
    ended = not lines[-1]
    if ended:
        lines.pop()
    body = "".join(f"+{line}\n" for line in lines)
    rest = "" if ended else "\\ No newline at end of file\n"
    count = "1" if len(lines) == 1 else f"1,{len(lines)}"
    return f"{head}--- /dev/null\n+++ {new}\n@@ -0,0 +{count} @@\n{body}{rest}"


def _quoted(path: str) -> str:
    """A path as git writes it: in quotes, with octal bytes, where it has letters beyond ASCII or marks."""
    data = path.encode()
    if all(0x21 <= byte < 0x7F and byte not in b'"\\' for byte in data):
        return path
    parts = [chr(byte) if 0x20 <= byte < 0x7F and byte not in b'"\\' else f"\\{byte:03o}" for byte in data]
    return '"' + "".join(parts) + '"'
