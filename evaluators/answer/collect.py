"""Gathers an answer's files and refuses those that no draft may hold."""

from __future__ import annotations

from evaluators.answer import patch as patching
from evaluators.answer.elision import elided
from evaluators.answer.fences import Fence
from evaluators.answer.value import REPLACED, Answer, Truncation, excerpt, normal, plain, unwritable
from evaluators.draft import MAX_ARTIFACT_BYTES, MAX_ARTIFACTS, MAX_DRAFT_BYTES, Artifact, Draft, UnsafePath
from evaluators.finding import Finding, Location, Severity

WHERE = "answer"
"""Stands for the answer's text itself in locations: what was refused is in no file."""

_FORMAT = "Send every file whole, in a fence of its own, with language and path on the fence: ```python app/main.py"


class Collector:
    """Files by path, findings and notes, as an answer is read from top to bottom."""

    def __init__(self, base: Draft) -> None:
        self.notes: list[str] = []
        self.damaged = False
        """Whether the answer held characters that no text file can."""
        self._base = {artifact.path: artifact.text for artifact in base}
        self._files: dict[str, Artifact] = {}
        self._names: dict[str, str] = {}
        self._folders: dict[str, str] = {}
        for path in self._base:
            self._know(path)
        self._findings: list[Finding] = []
        self._size = 0
        self._skipped = 0

    @property
    def touched(self) -> bool:
        """Whether any file was named, taken or refused."""
        return bool(self._files or self._findings)

    def answer(self, truncated: Truncation | None) -> Answer:
        """What was gathered."""
        if self._skipped:
            what = "block was" if self._skipped == 1 else "blocks were"
            self.notes.append(f"{self._skipped} {what} passed over: no path")
        draft = Draft(tuple(self._files.values()))
        return Answer(draft, tuple(dict.fromkeys(self._findings)), truncated, tuple(self.notes))

    def add(self, raw: str, text: str, line: int) -> None:
        """Take a file, or say why not. The last whole one of a path wins."""
        damaged = unwritable(raw + text)
        try:
            artifact = Artifact.of(plain(raw), normal(text))
        except UnsafePath as error:
            self._unsafe(plain(raw), str(error), text, line)
            return
        damaged = damaged or (self.damaged and REPLACED in artifact.text)
        if self._refused(artifact, damaged):
            return
        known = self._files.get(artifact.path)
        if known is not None:
            same = "the same" if known.text == artifact.text else "another"
            self.notes.append(f"{artifact.path} is there twice ({same} text); the last one counts")
            self._size -= len(known.text.encode())
        self._size += len(artifact.text.encode())
        self._know(artifact.path)
        self._files[artifact.path] = artifact
        # A whole file later in the answer makes up for what was wrong with an earlier block of it.
        self._findings = [f for f in self._findings if f.location.path != artifact.path]

    def patch(self, change: patching.FilePatch, line: int) -> None:
        """Apply a diff to the file as the answer so far or the base has it."""
        target = change.source if change.target == patching.NOWHERE else change.target
        try:
            path = Artifact.of(plain(target), "").path
        except UnsafePath as error:
            self._unsafe(plain(target), str(error), "", line)
            return
        if change.target == patching.NOWHERE:
            self._say(
                "deletion-ignored",
                Location(path),
                path,
                f"The answer deletes {path}; a draft has no deletions.",
                hint="Leave the file out of what refers to it; it stays as it is.",
                severity=Severity.WARNING,
            )
            return
        known = self._files.get(path)
        before = known.text if known else self._base.get(path)
        if before is None and change.source != patching.NOWHERE and any(hunk.old for hunk in change.hunks):
            self._say(
                "diff-without-base",
                Location(path),
                path,
                f"The answer changes {path} by a diff, and there is no {path}.",
                hint=_FORMAT,
            )
            return
        try:
            after = patching.apply(change, before)
        except patching.DoesNotFit as error:
            self._say(
                "diff-does-not-apply",
                Location(path),
                path,
                f"The diff of {path} cannot be applied: {error}.",
                evidence="\n".join(hunk.head for hunk in change.hunks[:20]),
                hint=f"Send {path} whole instead of a diff.",
            )
            return
        if change.renamed:
            self.notes.append(f"a diff renames {change.source} to {path}; the old file stays")
        self.add(path, after, line)

    def passed_over(self, fence: Fence) -> None:
        """A fence without a path: an example or a command."""
        self._skipped += 1

    def too_long(self, size: int, bound: int) -> None:
        """An answer that is not read at all."""
        self._say(
            "answer-too-long",
            Location(WHERE),
            WHERE,
            f"The answer has {size} characters; at most {bound} are read.",
            hint="Send fewer or smaller files.",
        )

    def truncated(self, cut: Truncation) -> None:
        """An answer that ends in the middle of a file."""
        self._say(
            "answer-truncated", Location(cut.path or WHERE), cut.path or WHERE,
            f"The answer ends in the middle of {cut.path or 'a block'}.",
            evidence=excerpt("\n".join(cut.text.split("\n")[-5:])),
            hint=f"Send {cut.path or 'the file'} again, whole, and end its fence.",
        )  # fmt: skip

    def without_files(self, text: str) -> None:
        """An answer in which no file was found."""
        self._say(
            "answer-without-files", Location(WHERE), WHERE,
            "The answer is empty." if not text.strip() else "The answer holds no file: no block says its path.",
            evidence=excerpt(text), hint=_FORMAT,
        )  # fmt: skip

    def _refused(self, artifact: Artifact, damaged: bool) -> bool:
        """Whether the file cannot be taken; the finding is then made."""
        path, text = artifact.path, artifact.text
        at = Location(path)
        size = len(text.encode())
        known = self._files.get(path)
        total = self._size + size - (len(known.text.encode()) if known else 0)
        clash = self._clash(path)
        line = elided(path, text)
        if clash:
            self._say("path-collision", at, path, clash, hint="Give one of the two another name.")
        elif size > MAX_ARTIFACT_BYTES:
            self._say(
                "file-too-large",
                at,
                path,
                f"{path} has {size} bytes; at most {MAX_ARTIFACT_BYTES} are taken.",
                hint="Split the file, or leave generated data out.",
            )
        elif total > MAX_DRAFT_BYTES:
            self._say(
                "draft-too-large",
                at,
                path,
                f"With {path} the files exceed {MAX_DRAFT_BYTES} bytes in all.",
                hint="Send fewer or smaller files.",
            )
        elif known is None and len(self._files) >= MAX_ARTIFACTS:
            self._say(
                "too-many-files",
                Location(WHERE),
                WHERE,
                f"The answer holds more than {MAX_ARTIFACTS} files.",
                hint="Send fewer files.",
            )
        elif damaged:
            self._say(
                "unwritable-character",
                at,
                path,
                f"{path} holds a NUL or half of a surrogate pair; no text file can.",
                hint="Write the character as an escape sequence.",
            )
        elif line:
            self._say(
                "file-elided",
                at,
                path,
                f"{path} is shortened; a file must be whole.",
                evidence=artifact.lines[line - 1].strip(),
                hint=f"Send {path} again with every line of it.",
            )
        else:
            return False
        return True

    def _know(self, path: str) -> None:
        """Remember a path and its folders, by their names without case."""
        self._names.setdefault(path.casefold(), path)
        for folder in _folders(path):
            self._folders.setdefault(folder.casefold(), folder)

    def _clash(self, path: str) -> str:
        """Why the path cannot be beside the others; empty when it can."""
        same = self._names.get(path.casefold(), path)
        if same != path:
            return f"{path} and {same} differ only in case; some file systems hold only one of them."
        if path.casefold() in self._folders:
            return f"{path} is a file here and a folder of other files."
        for folder in _folders(path):
            if folder.casefold() in self._names:
                return f"{path} lies in {folder}, which is a file."
            known = self._folders.get(folder.casefold(), folder)
            if known != folder:
                return f"The folders {folder} and {known} differ only in case; some file systems hold only one of them."
        return ""

    def _unsafe(self, raw: str, why: str, text: str, line: int) -> None:
        """A path that no draft may name."""
        self._say(
            "unsafe-path", Location(WHERE, line), raw[:200], f"A file's path cannot be used: {why[:400]}.",
            evidence=excerpt(text, 200), hint="Use a relative path inside the project, with forward slashes.",
        )  # fmt: skip

    def _say(
        self, rule: str, at: Location, symbol: str, message: str, *,
        evidence: str = "", hint: str = "", severity: Severity = Severity.ERROR,
    ) -> None:  # fmt: skip
        """Add a finding."""
        self._findings.append(Finding(rule, severity, at, symbol, message, evidence, hint=hint))


def _folders(path: str) -> list[str]:
    """Every folder on the way to a path."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(1, len(parts))]
