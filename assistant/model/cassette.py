"""Recordings on disk: vcrpy cassettes, one a case and sample, readable and free of secrets.

`prompts/recipes/RECIPE/cassettes/CASE/SAMPLE.yaml`. The head (`metadata`) says what was
asked of whom and carries a fingerprint for each prompt; the interactions hold request
bodies as parsed JSON and answers put together again. Matched on method, path and body,
never on the host: the host is written as a neutral one.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from assistant.errors import ModelError, NoRecording
from assistant.model.sse import gathered, spelled
from assistant.model.wire import cleaned
from assistant.redact import Redactor

if TYPE_CHECKING:
    from vcr.request import Request

NEUTRAL = "https://model.invalid/v1"
"""The base URL that recordings are written with and replayed at; it resolves nowhere."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class Take:
    """One recorded interaction: which prompt, when, how long it took (seconds), asked how."""

    fingerprint: str
    turn: str = ""
    round: int = 0
    at: str = ""
    seconds: float = 0.0
    parameters: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Label:
    """What a cassette says of itself."""

    recipe: str
    version: str
    case: str
    sample: str
    sentence: str
    model: str
    endpoint: str = "live"
    """`live`, or `hand-fed`: a person carried the answers."""
    note: str = ""
    budget: int = 0
    """The answers that its run was allowed, over all turns; 0 in recordings made before this was kept."""
    ended: str = ""
    """How its run ended (`passed: everything that was required passed`); empty while it has not, or nobody kept it."""
    takes: tuple[Take, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For the metadata of the YAML."""
        head = {key: value for key, value in asdict(self).items() if key != "takes"}
        # What an old recording does not say is not put into its mouth.
        said = {key: value for key, value in head.items() if value or key not in ("budget", "ended")}
        return {**said, "interactions": [asdict(take) for take in self.takes]}

    @classmethod
    def from_dict(cls, given: Any, path: Path) -> Label:
        """The reverse. Raises NoRecording, which names the file."""
        try:
            head = {key: str(given[key]) for key in ("recipe", "version", "case", "sample", "sentence", "model")}
            takes = tuple(Take(**take) for take in given["interactions"])
            head |= {"endpoint": str(given["endpoint"]), "note": str(given["note"])}
            return cls(**head, budget=int(given.get("budget", 0)), ended=str(given.get("ended", "")), takes=takes)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NoRecording(f"{path}: not a recording of ours: its metadata lacks {error}") from None


def cassette_path(root: Path, recipe: str, case: str, sample: str) -> Path:
    """Where a recording lives below a folder of recipes. Raises NoRecording for a name with odd characters."""
    for name in (recipe, case, sample):
        if not _NAME.fullmatch(name):
            raise NoRecording(f"{name!r} cannot name a recording: letters, digits, dot, dash and underscore only")
    return root / recipe / "cassettes" / case / f"{sample}.yaml"


def next_sample(folder: Path) -> str:
    """The first number that no cassette in `folder` has, from 1."""
    taken = {path.stem for path in folder.glob("*.yaml")}
    return next(str(number) for number in range(1, len(taken) + 2) if str(number) not in taken)


def head_of(path: Path) -> Label:
    """A cassette's label, read without its interactions. Raises NoRecording."""
    lines: list[str] = []
    try:
        with path.open(encoding="utf-8") as opened:
            for line in opened:
                if line.startswith("interactions:"):
                    break
                lines.append(line)
    except (OSError, UnicodeDecodeError) as error:
        raise NoRecording(f"{path}: cannot be read: {_first_line(error)}") from None
    return label_in("".join(lines), path)


def label_in(head: str, path: Path) -> Label:
    """The label in a cassette's YAML, which may end before the interactions. Raises NoRecording, which names `path`."""
    try:
        data = yaml.load(head, Loader=_LOADER)  # noqa: S506  (a safe loader)
    except yaml.YAMLError as error:
        raise NoRecording(f"{path}: cannot be read: {_first_line(error)}") from None
    return Label.from_dict(data.get("metadata") if isinstance(data, dict) else None, path)


class Tape:
    """One cassette in memory: vcrpy's own, with our label beside it."""

    def __init__(self, path: Path, label: Label, cassette: Any) -> None:
        self.path = path
        self.label = label
        self.cassette = cassette

    @classmethod
    def load(cls, path: Path, *, recording: Label | None = None, afresh: bool = False) -> Tape:
        """Load a cassette for replay; with `recording`, a missing one begins empty under that label.

        With `afresh`, one that is there is as good as missing: the first answer is written over it.
        Raises NoRecording when it cannot be read.
        """
        # Late, here and below: whoever reads heads alone does without vcrpy, which takes 0.2 s.
        import vcr.matchers
        from vcr.cassette import Cassette
        from vcr.record_mode import RecordMode

        mode = RecordMode.NONE if recording is None else RecordMode.NEW_EPISODES
        try:
            cassette = Cassette.load(
                path=str(path),
                serializer=Readable,
                persister=_Nothing if recording is not None and afresh else _Persister,
                record_mode=mode,
                match_on=(vcr.matchers.method, vcr.matchers.path, same_body),
                before_record_request=_neutral_request,
                before_record_response=_plain_response,
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
            raise NoRecording(f"{path}: cannot be read: {_first_line(error)}") from None
        if recording is not None and (afresh or not path.exists()):
            return cls(path, recording, cassette)
        tape = cls(path, head_of(path), cassette)
        if len(tape.label.takes) != len(cassette):
            raise NoRecording(f"{path}: has {len(cassette)} interactions and names {len(tape.label.takes)}")
        return tape

    def take_for(self, fingerprint: str) -> Take | None:
        """The first unplayed interaction of this prompt, or None."""
        return next((take for take in self.unplayed() if take.fingerprint == fingerprint), None)

    def unplayed(self) -> tuple[Take, ...]:
        """Interactions that nobody asked for yet, in order."""
        return tuple(take for number, take in enumerate(self.label.takes) if not self.cassette.play_counts[number])

    def add(self, request: Request, response: dict[str, Any], take: Take, redactor: Redactor) -> None:
        """Take in one interaction and write the cassette, crash-safe; its run goes on. Raises ModelError."""
        self.cassette.append(request, response)
        # What was recorded just now was heard just now: the same request again is a new one.
        self.cassette.play_response(request)
        self.label = replace(self.label, takes=(*self.label.takes, take), ended="")
        self.save(redactor)

    def end(self, how: str, redactor: Redactor) -> None:
        """Write how the run ended into the metadata, in one line. Raises ModelError."""
        self.label = replace(self.label, ended=" ".join(how.split()))
        if self.label.takes and head_of(self.path) != self.label:
            self.save(redactor)

    def drop(self, takes: Collection[Take], redactor: Redactor) -> int:
        """Leave these unplayed interactions out and write the cassette; how many there were."""
        gone = {
            number
            for number, take in enumerate(self.label.takes)
            if take in takes and not self.cassette.play_counts[number]
        }
        kept = [number for number in range(len(self.cassette)) if number not in gone]
        if gone:
            counts = self.cassette.play_counts
            self.label = replace(self.label, takes=tuple(self.label.takes[number] for number in kept))
            self.cassette.data = [self.cassette.data[number] for number in kept]
            played = {place: counts[number] for place, number in enumerate(kept) if counts[number]}
            self.cassette.play_counts = type(counts)(played)
            self.save(redactor)
        return len(gone)

    def save(self, redactor: Redactor) -> None:
        """Write the cassette in one step. Raises ModelError: a secret would be in it, or the disk refuses."""
        import vcr.serialize

        held = {"requests": self.cassette.requests, "responses": self.cassette.responses}
        text = vcr.serialize.serialize({**held, "metadata": self.label.as_dict()}, Readable)
        kinds = redactor.found(text)
        if kinds:
            raise ModelError(f"{self.path}: not written: the recording would hold {', '.join(kinds)}")
        try:
            _replace(self.path, text)
        except OSError as error:
            raise ModelError(f"{self.path}: the recording cannot be written: {error.strerror or error}") from None


def same_body(first: Request, second: Request) -> None:
    """vcrpy's matcher: the same JSON, however it is spelled."""
    if json.loads(first.body or b"null") != json.loads(second.body or b"null"):
        raise AssertionError("the bodies differ")


def _neutral_request(request: Request) -> Request:
    """What of a request is written and compared: no host, no header but the content type."""
    from vcr.request import Request

    end = next((end for end in ("/chat/completions", "/responses") if request.path.endswith(end)), request.path)
    return Request(request.method, NEUTRAL + end, request.body, {"content-type": "application/json"})


def _plain_response(response: dict[str, Any]) -> dict[str, Any]:
    """What of a response is written: decompressed, with no header but the content type."""
    from vcr.filters import decode_response

    response = decode_response(response)
    kept = {name.lower(): values for name, values in response["headers"].items() if name.lower() == "content-type"}
    return {**response, "headers": kept}


class Readable:
    """vcrpy's serializer interface: YAML that people can read and review."""

    @staticmethod
    def serialize(cassette: dict[str, Any]) -> str:
        """The cassette as YAML, metadata first; reads back to exactly the same."""
        shown = {
            "version": cassette["version"],
            "metadata": cassette.get("metadata", {}),
            "interactions": [_shown(each) for each in cassette["interactions"]],
        }
        text = _dump(shown)
        return text if _reads_as(text, shown) else _dump(shown, style='"')

    @staticmethod
    def deserialize(text: str) -> dict[str, Any]:
        """The reverse, as vcrpy wants it. Raises ValueError."""
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506  (a safe loader)
        if not isinstance(data, dict) or not isinstance(data.get("interactions"), list):
            raise ValueError("no interactions in it")
        return {**data, "interactions": [_hidden(each) for each in data["interactions"]]}


def _shown(interaction: dict[str, Any]) -> dict[str, Any]:
    """An interaction for reading: JSON parsed, streams gathered."""
    request, response = dict(interaction["request"]), dict(interaction["response"])
    request["body"] = {"json": json.loads(request["body"])}
    text = response["body"]["string"]
    response["body"] = _shown_body(text)
    return {"request": request, "response": response}


def _shown_body(text: str) -> dict[str, Any]:
    """An answer's body for reading; what is not understood stays the text that it is."""
    text = cleaned(text)
    try:
        return {"json": _cleaned(json.loads(text))}
    except ValueError:
        answer = gathered(text)
    return {"stream": answer} if answer is not None else {"string": text}


def _cleaned(value: Any) -> Any:
    """JSON without the characters that UTF-8 cannot hold, which its escapes can."""
    if isinstance(value, str):
        return cleaned(value)
    if isinstance(value, dict):
        return {cleaned(key): _cleaned(item) for key, item in value.items()}
    return [_cleaned(item) for item in value] if isinstance(value, list) else value


def _hidden(interaction: dict[str, Any]) -> dict[str, Any]:
    """The reverse of `_shown`."""
    request, response = dict(interaction["request"]), dict(interaction["response"])
    request["body"] = json.dumps(request["body"]["json"], ensure_ascii=False)
    body = response["body"]
    if "json" in body:
        body = {"string": json.dumps(body["json"], ensure_ascii=False)}
    elif "stream" in body:
        body = {"string": spelled(body["stream"])}
    return {"request": request, "response": {**response, "body": body}}


class _Persister:
    """vcrpy's persister interface; written by Tape.save, so only the reading half is used."""

    @staticmethod
    def load_cassette(path: str, serializer: Any) -> Any:
        """The cassette's requests and responses. A broken one raises: it is not an empty one."""
        import vcr.serialize
        from vcr.persisters.filesystem import CassetteNotFoundError

        try:
            text = Path(path).read_text(encoding="utf-8")
        except FileNotFoundError:
            raise CassetteNotFoundError from None
        return vcr.serialize.deserialize(text, serializer)


class _Nothing(_Persister):
    """No recording, whatever is there."""

    @staticmethod
    def load_cassette(path: str, serializer: Any) -> Any:
        """As of a file that is missing."""
        from vcr.persisters.filesystem import CassetteNotFoundError

        raise CassetteNotFoundError


class _Dumper(yaml.SafeDumper):
    """Block text for what has lines; no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        """Spell everything out."""
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """A text with lines as a block, where YAML keeps it exactly; the check after dumping has the last word."""
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _reads_as(text: str, data: Any) -> bool:
    """Whether YAML gives back exactly what went in: blocks lose some rare line ends."""
    try:
        return bool(yaml.load(text, Loader=_LOADER) == data)  # noqa: S506  (a safe loader)
    except yaml.YAMLError:
        return False


def _dump(data: Any, style: str | None = None) -> str:
    """YAML in the order given, lines unbroken."""
    width = float("inf")
    made = yaml.dump(data, Dumper=_Dumper, default_style=style, sort_keys=False, allow_unicode=True, width=width)
    return str(made)


def _replace(path: Path, text: str) -> None:
    """Write beside, flush to the disk, rename."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _first_line(error: Exception) -> str:
    """One line of an exception."""
    return (str(error) or type(error).__name__).split("\n", 1)[0][:200]
