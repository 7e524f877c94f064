"""1,000 recordings looked at without playing them, and what a replayed answer costs: `python -m benchmarks.cassettes`.

Ten recipes of a realistic size with 25 cases each, asked for by two arms in two samples each,
about 60 kB a recording, and results of all of them. Beside a replay, vcrpy alone plays the same
interactions to the same client, by turns, in this process.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import openai
import vcr
import vcr.serialize
from vcr.request import Request
from vcr.serializers import yamlserializer

from assistant.experiment.checking import Kind, check
from assistant.experiment.first_prompts import first_prompt
from assistant.experiment.results import Key, Results, Status, TrialResult
from assistant.library import Library
from assistant.model.base import Completion
from assistant.model.cassette import NEUTRAL, Label, Readable, Take, cassette_path
from assistant.model.endpoint import Parameters
from assistant.model.replay import ReplayModel
from assistant.model.sse import spelled
from assistant.prompt import Message, Prompt
from assistant.settings import Settings
from benchmarks.row import Row
from evaluators.cache import Cache

RECIPES, CASES, SAMPLES = 10, 25, 2
ARMS = {"recipe": "recipes", "bare": "arms"}
SIZE = 60_000
"""Bytes of a recording, about."""

AIM = 1.0
"""Seconds for a look at 1,000 recordings."""

CALLS = 12
"""Answers of the recording that is replayed."""

ROUNDS = 15
BOUND = 1.5
SHIPPED = Path("prompts")


def sentence(recipe: int, case: int) -> str:
    """A request like those that ship, another one each."""
    table = f"{('leases', 'orders', 'rooms', 'tickets', 'invoices')[case % 5]}_{recipe}_{case}"
    start = f"Generate FastAPI CRUD routes for the `{table}` table of a property manager"
    return f"{start} using SQLModel and PostgreSQL, with JWT"


def library(folder: Path) -> None:
    """The shipped parts and arms with ten recipes of the size of `crud`."""
    for name in ("parts", "arms"):
        ignored = shutil.ignore_patterns("cassettes", "__pycache__")
        shutil.copytree(SHIPPED / name, folder / name, ignore=ignored)
    for number in range(RECIPES):
        place = folder / "recipes" / f"crud-{number}"
        (place / "cases").mkdir(parents=True)
        for file in (SHIPPED / "recipes" / "crud").glob("*.*"):
            text = file.read_text(encoding="utf-8").replace('"crud"\nver', f'"crud-{number}"\nver')
            (place / file.name).write_text(text.replace("recipes/crud/", f"recipes/crud-{number}/"), encoding="utf-8")
        for case in range(CASES):
            text = f"sentence: {sentence(number, case)}\n"
            (place / "cases" / f"case-{number}-{case}.yaml").write_text(text, encoding="utf-8")


def recordings(folder: Path) -> int:
    """All recordings of the library and their results; their bytes."""
    read = Library.load([folder])
    trials: list[TrialResult] = []
    size = 0
    for number in range(RECIPES):
        for arm, shelf in ARMS.items():
            recipe = f"crud-{number}"
            owner = recipe if arm == "recipe" else arm
            pattern = ""
            for case in range(CASES):
                said, name = sentence(number, case), f"case-{number}-{case}"
                prompt = first_prompt(read, recipe, said, arm)
                pattern = pattern or recording(prompt, owner)
                for sample in map(str, range(1, SAMPLES + 1)):
                    text = pattern.replace("CASE-NAME", name).replace("SENTENCE", said)
                    text = text.replace("sample: '1'", f"sample: '{sample}'", 1).replace("f" * 64, prompt.fingerprint)
                    path = cassette_path(folder / shelf, owner, name, sample)
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text, encoding="utf-8")
                    data = text.encode()
                    size += len(data)
                    key = Key(recipe, name, arm, "model", sample)
                    place, sha = path.relative_to(folder).as_posix(), hashlib.sha256(data).hexdigest()
                    trials.append(TrialResult(key, Status.SCORED, cassette=place, cassette_sha=sha))
    Results(tuple(trials), "full", 4).write(folder / "results.json")
    return size


def recording(prompt: Prompt, owner: str) -> str:
    """The text of a recording of two answers; the case's name, sentence and fingerprint are to be filled in."""
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted(Path("assistant").glob("*.py")))
    room = SIZE - 3 * prompt.size
    parameters = Parameters("model")
    takes, interactions = [], []
    for round in range(2):
        start = round * room // 2
        # Our own sources are about as long in lines and as full of words as what a model writes.
        answer = sources[start : start + room // 2]
        messages = [*prompt.as_messages(), {"role": "user", "content": "Mend it.\n"}][: None if round else -1]
        takes.append(Take("f" * 64 if not round else "e" * 64, "design", round, "2026-11-22T00:00:00Z", 60.0, {}))
        interactions.append(interaction(parameters.body(messages), answer))
    label = Label(owner, "1", "CASE-NAME", "1", "SENTENCE", "model", budget=4, ended="passed: all of it")
    label = Label(**{**vars(label), "takes": tuple(takes)})
    return written(interactions, label)


def interaction(body: dict[str, object], answer: str) -> tuple[Request, dict[str, object]]:
    """A request and its streamed answer, in vcrpy's shape."""
    headers = {"content-type": "application/json"}
    request = Request("POST", f"{NEUTRAL}/chat/completions", json.dumps(body, ensure_ascii=False), headers)
    stream = spelled({"answer": answer, "model": "model", "finish_reason": "stop"})
    status = {"code": 200, "message": "OK"}
    return request, {"status": status, "headers": {"content-type": ["text/event-stream"]}, "body": {"string": stream}}


def written(interactions: list[tuple[Request, dict[str, object]]], label: Label) -> str:
    """A recording as we write it."""
    requests, responses = [each for each, _ in interactions], [each for _, each in interactions]
    held = {"requests": requests, "responses": responses, "metadata": label.as_dict()}
    return str(vcr.serialize.serialize(held, Readable))


def looked_at(folder: Path, cache: Path, stale: int = 0) -> tuple[float, float]:
    """Seconds of one look, the reading of the library included: by the clock, and of the processor."""
    began, worked = time.perf_counter(), time.process_time()
    problems = check(Library.load([folder]), Settings(model="model"), cache=Cache(cache))
    took = time.perf_counter() - began, time.process_time() - worked
    if [each.kind for each in problems] != [Kind.STALE] * stale:
        sys.exit(f"{len(problems)} problems and not {stale}: {problems[:1]}")
    return took


def changed(folder: Path, cache: Path) -> tuple[float, float]:
    """The same after one recipe was changed, whose own recordings are stale then."""
    file = folder / "recipes" / "crud-3" / "risks.md.j2"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "- One more.\n", encoding="utf-8")
    took = looked_at(folder, cache, CASES * SAMPLES)
    file.write_text(text, encoding="utf-8")
    return took


def command(project: Path, cache: Path) -> float:
    """Seconds of the whole command in a project with this library, besides the one that ships."""
    began = time.perf_counter()
    environment = {"BACKWRIGHT_CACHE": str(cache), "XDG_CONFIG_HOME": str(project), "PATH": ""}
    tool = str(Path(sys.executable).with_name("backwright"))
    subprocess.run([tool, "eval", "--check"], cwd=project, env=environment, stdout=subprocess.DEVNULL, check=False)
    return time.perf_counter() - began


def looks() -> Iterator[str]:
    """The figures of the look."""
    with tempfile.TemporaryDirectory() as name:
        project = Path(name)
        folder, cache = project / ".backwright" / "prompts", project / "cache"
        library(folder)
        size = recordings(folder)
        number = RECIPES * CASES * SAMPLES * len(ARMS)
        rendered = RECIPES * CASES * len(ARMS)
        yield f"{number:,} recordings, {size / 1e6:.0f} MB, {rendered} first prompts; aim {AIM:.0f} s"
        for what, took in (
            ("nothing kept", looked_at(folder, cache)),
            ("nothing changed, best of five", min(looked_at(folder, cache) for _ in range(5))),
            ("one recipe changed", changed(folder, cache)),
        ):
            yield f"{what:<40}{took[0]:>10.2f} s, {took[1]:.2f} s of the processor"
        first, again = command(project, project / "other"), command(project, project / "other")
        yield f"{'the whole command, nothing kept':<40}{first:>10.2f} s"
        yield f"{'the whole command, nothing changed':<40}{again:>10.2f} s"


def replays() -> Row:
    """Seconds a call of a replay and of vcrpy, each with a cassette that is opened for all the calls."""
    prompts = [Prompt((Message("user", f"Write part {n}.\n" * 100),), "crud", "1", "code", n) for n in range(CALLS)]
    parameters = Parameters("model")
    source = Path("assistant/journal.py").read_text(encoding="utf-8")
    answers = [source[start : start + 4_000] for start in range(0, 500 * CALLS, 500)]
    bodies = [parameters.body(prompt.as_messages()) for prompt in prompts]
    interactions = [interaction(body, answer) for body, answer in zip(bodies, answers, strict=True)]
    takes = [Take(p.fingerprint, p.turn, p.round, parameters=parameters.as_dict()) for p in prompts]
    label = Label("crud", "1", "one", "1", "Write it", "model", takes=tuple(takes))
    with tempfile.TemporaryDirectory() as name:
        ours, peer = cassette_path(Path(name), "crud", "one", "1"), Path(name) / "peer.yaml"
        ours.parent.mkdir(parents=True)
        ours.write_text(written(interactions, label), encoding="utf-8")
        peer.write_text(plain(interactions), encoding="utf-8")
        pairs = []
        for _ in range(ROUNDS + 1):
            one = asyncio.run(played(Path(name), prompts, answers))
            pairs.append((one, asyncio.run(played_by_vcrpy(peer, bodies, answers))))
    # The first pair warms up.
    return Row("a replayed answer", tuple(a for a, _ in pairs[1:]), tuple(b for _, b in pairs[1:]), BOUND)


def plain(interactions: list[tuple[Request, dict[str, object]]]) -> str:
    """The same recording as vcrpy alone writes it."""
    held = {"requests": [one for one, _ in interactions], "responses": [two for _, two in interactions]}
    return str(vcr.serialize.serialize(held, yamlserializer))


async def played(root: Path, prompts: list[Prompt], answers: list[str]) -> float:
    """Seconds a call of our replay."""
    began = time.perf_counter()
    model, heard = ReplayModel([root]), []
    for prompt in prompts:
        heard += [piece.text async for piece in model.stream(prompt) if isinstance(piece, Completion)]
    took = time.perf_counter() - began
    if heard != answers:
        sys.exit("the replay gave other answers")
    return took / len(prompts)


async def played_by_vcrpy(path: Path, bodies: list[dict[str, object]], answers: list[str]) -> float:
    """Seconds a call of the client under vcrpy's own hook, matched as ours is: method, path and body."""
    began = time.perf_counter()
    heard = []
    tape = vcr.VCR(record_mode=vcr.mode.NONE, match_on=["method", "path", "body"])
    with tape.use_cassette(str(path)):
        async with openai.AsyncOpenAI(base_url=NEUTRAL, api_key="no-key", max_retries=0) as client:
            for body in bodies:
                texts = []
                async for chunk in await client.chat.completions.create(**body):  # type: ignore[call-overload]
                    texts += [choice.delta.content or "" for choice in chunk.choices]
                heard.append("".join(texts))
    took = time.perf_counter() - began
    if heard != answers:
        sys.exit("vcrpy gave other answers")
    return took / len(bodies)


def main() -> None:
    """Print the figures; exit 1 where a replay is slower than its bound."""
    for line in looks():
        print(line, flush=True)
    row = replays()
    ours, peer = statistics.median(row.ours), statistics.median(row.peer)
    print(
        f"{row.what:<40}{1000 * ours:>10.2f} ms, vcrpy alone {1000 * peer:.2f} ms, {ours / peer:.2f} (at most {BOUND})"
    )
    sys.exit(ours / peer > BOUND)


if __name__ == "__main__":
    main()
