"""What isolates besides bubblewrap: container engines, by a stand-in for their binary, and nothing at all."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sandbox_guests import PYTHON, SMALL, guest, until
from test_bridge import SERVER, fetched

from evaluators.service import container, launch
from evaluators.service.backend import Backend, chosen, without_isolation
from evaluators.service.bridge import forward
from evaluators.service.plain import outside
from evaluators.service.sandbox import MEBI, Bind, Confined, Outcome, SandboxError, available, run, start, tried

ENGINE = f"""#!{sys.executable} -S
# Notes the command line, and does with bubblewrap what it asks an engine for.
import json, os, sys
words = sys.argv[1:]
with open(os.environ["RECORD"], "w") as sink: json.dump([os.path.basename(sys.argv[0]), *words], sink)
if os.environ.get("BROKEN"): sys.exit("Cannot connect to the engine")
options = [word for word in words if word.startswith("--")]
rest = words[words.index("run") + 1 + len(options):]
named = lambda name: [word.partition("=")[2] for word in options if word.startswith(f"--{{name}}=")]
argv = ["bwrap", "--unshare-all", "--unshare-user", "--die-with-parent", "--as-pid-1"]
argv += ["--proc", "/proc", "--dev", "/dev"]
argv += ["--uid", "1000", "--gid", "1000", "--cap-drop", "ALL"]
sources = []
for mount in named("mount"):
    parts = dict(part.partition("=")[::2] for part in mount.split(","))
    sources.append(parts["source"])
    place = f"/mnt/{{len(sources) - 1}}" if os.geteuid() == 0 else parts["source"]
    argv += ["--ro-bind" if "readonly" in parts else "--bind", place, parts["target"]]
for mount in named("tmpfs"):
    argv += ["--tmpfs", mount.partition(":")[0]]
argv += ["--", named("entrypoint")[0], *rest[1:]]
if os.geteuid() == 0:
    argv = [{str(launch.interpreter())!r}, "-I", "-S", {str(Path(launch.__file__).with_name("staging.py"))!r},
            {str(launch.UNPRIVILEGED)!r}, "/mnt", *sources, "--", "/usr/bin/" + argv[0], *argv[1:]]
os.execvpe(argv[0], argv, {{"PATH": os.environ["PATH"]}})
"""


@pytest.fixture(params=["podman", "docker"])
def engine(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An engine's stand-in on the path, chosen; its record."""
    program = tmp_path / "bin" / request.param
    program.parent.mkdir()
    program.write_text(ENGINE)
    program.chmod(0o755)
    record = tmp_path / "record.json"
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("RECORD", str(record))
    monkeypatch.setenv("BACKWRIGHT_ISOLATION", request.param)
    tried.cache_clear()
    yield record
    tried.cache_clear()


def test_bubblewrap_is_what_is_used_unless_another_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BACKWRIGHT_ISOLATION", raising=False)
    assert chosen() is Backend.BUBBLEWRAP
    monkeypatch.setenv("BACKWRIGHT_ISOLATION", "Podman")
    assert chosen() is Backend.PODMAN


@pytest.mark.parametrize("named", ["none", "chroot"])
def test_no_variable_takes_the_walls_away(named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKWRIGHT_ISOLATION", named)
    assert available() == f"BACKWRIGHT_ISOLATION={named}: it is one of bubblewrap, podman, docker"
    with pytest.raises(SandboxError, match="it is one of"):
        asyncio.run(run(guest("pass")))


def test_an_engine_is_told_every_bound(engine: Path) -> None:
    confined = guest("print(open('/etc/planted').read(), input())", planted={"/etc/planted": "seen"})
    outcome = asyncio.run(run(confined, b"input\n"))
    assert (outcome.stdout, outcome.stderr, outcome.returncode) == ("seen input\n", "", 0)
    words = json.loads(engine.read_text())
    name = words[0]
    assert words[:2] == [name, "run"] and name == os.environ["BACKWRIGHT_ISOLATION"]
    root = os.geteuid() == 0
    wanted = {
        "--rm",
        "--network=none",
        "--ipc=private",
        "--read-only",
        "--cap-drop=ALL",
        "--security-opt=no-new-privileges",
        "--log-driver=none",
        f"--memory={SMALL.memory + 64 * MEBI}",
        f"--memory-swap={SMALL.memory + 64 * MEBI}",
        f"--pids-limit={SMALL.processes + 2}",
        f"--tmpfs=/app:rw,exec,nosuid,nodev,size={SMALL.disk},mode=1777",
        f"--user={launch.UNPRIVILEGED}:{launch.UNPRIVILEGED}" if root else f"--user={os.getuid()}:{os.getgid()}",
    }
    assert wanted <= set(words)
    assert ("--userns=keep-id" in words) == (name == "podman" and not root)
    # Podman's own defaults can be above what it may set, and then nothing starts.
    bounds = {
        word.partition("=")[2].partition("=")[0]: int(word.rpartition(":")[2]) for word in words if "ulimit" in word
    }
    assert set(bounds) == ({"nofile", "nproc"} if name == "podman" else set())
    assert bounds.get("nofile", 0) <= resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    assert words[-6:] == [container.IMAGE, "-I", "-S", "-B", "/run/backwright/inside.py", "/run/backwright/control"]
    writable = [word for word in words if word.startswith("--mount=") and not word.endswith(",readonly")]
    assert writable == []
    room = next(word for word in words if word.endswith("target=/run/backwright,readonly")).split("source=")[1]
    assert not Path(room.split(",")[0]).exists()


def test_a_service_in_a_container_is_reached_and_ended(engine: Path) -> None:
    async def scene() -> float:
        confined = guest(SERVER, env={"PORT": "8000"}, serves=8000, canary=True)
        async with start(confined) as process, forward(process) as door:
            await until(lambda: "ready" in process.log() or not process.alive)
            assert await asyncio.to_thread(fetched, door, "/7") == b"x" * 7, process.log()
            assert (await process.look()).resident > 0 and process.canary.port
            # The user of process 1, which came by itself, and not of the engine's client.
            wanted = launch.UNPRIVILEGED if os.geteuid() == 0 else os.getuid()
            assert process.host_user() == wanted
            began = time.monotonic()
            await process.stop(grace=0.2)
            return time.monotonic() - began

    assert asyncio.run(scene()) < 5


def test_the_filter_holds_in_a_container_too(engine: Path) -> None:
    code = """
import ctypes, os, socket
libc = ctypes.CDLL(None, use_errno=True)
found = [libc.syscall(101, 0, 0, 0, 0), ctypes.get_errno(), libc.syscall(425, 0, 0), ctypes.get_errno()]
print(found, os.listdir("/run/backwright").count("control"))
try:
    socket.socket(40)
except OSError as error:
    print(error.errno)
"""
    outcome = asyncio.run(run(guest(code)))
    assert outcome.stdout == "[-1, 1, -1, 38] 0\n97\n"


def test_a_container_that_uses_too_much_is_ended(engine: Path) -> None:
    outcome = asyncio.run(run(guest("x = bytearray(b'x' * (300 << 20))\nimport time; time.sleep(20)")))
    assert outcome.killed == "memory"


def test_an_engine_that_does_not_run_is_one_clear_line(engine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROKEN", "yes")
    assert available() == "the container does not start: Cannot connect to the engine"


def test_an_engine_that_is_not_there_is_one_clear_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKWRIGHT_ISOLATION", "podman")
    monkeypatch.setenv("PATH", "/nonesuch")
    tried.cache_clear()
    assert available() == "the sandbox cannot start: podman is not installed"
    tried.cache_clear()


def test_a_path_that_an_engine_cannot_be_told_is_refused(engine: Path, tmp_path: Path) -> None:
    (tmp_path / "a,b").mkdir()
    confined = guest("pass")
    with pytest.raises(SandboxError, match="cannot be told a path with a comma"):
        asyncio.run(run(replace(confined, binds=(*confined.binds, Bind(tmp_path / "a,b")))))


def bare(confined: Confined, stdin: bytes = b"") -> Outcome:
    """Run a program with nothing around it."""
    with without_isolation():
        assert available() is None
        return asyncio.run(run(confined, stdin))


def test_without_isolation_a_program_runs_where_its_paths_lead() -> None:
    code = """
import os, sys
here = os.path.dirname(os.path.realpath(__file__))
print(open("sub/x").read(), os.getcwd() == here, os.environ["A"].endswith("/app/y"))
print(sorted(os.environ), os.path.exists(sys.argv[1]), os.environ["A"].startswith("/app"))
"""
    confined = guest(code, env={"A": "sqlite:////app/y"}, files={"sub/x": "hello"})
    outcome = bare(replace(confined, argv=(*confined.argv, "/app/guest.py")))
    assert outcome.stdout == "hello True True\n['A', 'HOME', 'LANG', 'PATH', 'TZ'] True False\n", outcome
    assert not [each for each in Path("/tmp").glob("backwright-bare-*") if (each / "app/sub").exists()]


def test_without_isolation_memory_and_time_are_still_bounded() -> None:
    hog = "import os, time\nfor _ in range(3): os.fork()\nx = bytearray(b'x' * (40 << 20))\ntime.sleep(20)"
    assert bare(guest(hog)).killed == "memory"
    assert bare(guest("import time; time.sleep(60)", limits=replace(SMALL, seconds=0.5))).killed == "time"


def test_without_isolation_what_a_program_started_ends_with_it(tmp_path: Path) -> None:
    mark = tmp_path / "alive"
    code = f"""
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            open({str(mark)!r}, "w").write(str(time.time()))
            time.sleep(0.02)
    os._exit(0)
time.sleep(0.3)
"""
    assert bare(guest(code)).returncode == 0
    assert mark.exists()
    before = mark.stat().st_mtime_ns
    time.sleep(0.2)
    assert mark.stat().st_mtime_ns == before


def test_without_isolation_a_service_is_reached() -> None:
    async def scene() -> bytes:
        confined = guest(SERVER, env={"PORT": "18765"}, serves=18765, canary=True, planted={"/etc/x": "no"})
        async with start(confined) as process, forward(process) as door:
            await until(lambda: "ready" in process.log() or not process.alive)
            assert process.confined.planted == {}, "nothing can be planted, so no probe may look for it"
            return await asyncio.to_thread(fetched, door, "/5")

    with without_isolation():
        assert asyncio.run(scene()) == b"xxxxx"
    assert chosen() is Backend.BUBBLEWRAP


def test_without_isolation_no_other_program_is_judged_in_its_place() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, without_isolation():
        confined = guest(SERVER, serves=int(other.getsockname()[1]))
        with pytest.raises(SandboxError, match="is needed, and another program has it"):
            asyncio.run(run(confined))


def test_only_whole_paths_are_rewritten() -> None:
    places = {"/app": "/t/app", "/data": "/t/d"}
    assert outside("sqlite:////data/x.db --dir=/app /apple /x/application a/app", places) == (
        "sqlite:////t/d/x.db --dir=/t/app /apple /x/application a/app"
    )
    assert outside(str(PYTHON), {}) == str(PYTHON)
