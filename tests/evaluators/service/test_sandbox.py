"""The sandbox runs programs, bounds what they leave, and works as root and as anybody else."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from sandbox_guests import PYTHON, SMALL, guest, ran, told, until, without_root

from evaluators.service import launch
from evaluators.service.log import Log
from evaluators.service.sandbox import Bind, Confined, Limits, SandboxError, available, python_binds, run, start


def test_the_sandbox_is_available() -> None:
    assert available() is None


def test_a_command_runs_with_its_input_files_and_environment() -> None:
    code = "import os, sys; print(sys.stdin.read(), os.environ['A'], open('sub/x').read(), os.getcwd())"
    outcome = asyncio.run(run(guest(code, env={"A": "b"}, files={"sub/x": "hello"}), b"input"))
    assert outcome.stdout == "input b hello /app\n"
    assert (outcome.returncode, outcome.stderr, outcome.killed, outcome.timed_out) == (0, "", None, False)


def test_stdout_and_stderr_of_a_command_are_apart_and_its_code_is_kept() -> None:
    outcome = ran("import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)")
    assert (outcome.stdout, outcome.stderr, outcome.returncode) == ("out\n", "err\n", 7)


def test_a_signal_is_a_negative_code() -> None:
    assert ran("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)").returncode == -11


def test_a_command_that_does_not_exist_ends_with_127() -> None:
    outcome = asyncio.run(run(Confined(("nonesuch",), limits=SMALL)))
    assert (outcome.returncode, outcome.stderr) == (127, "nonesuch: No such file or directory\n")


def test_a_bind_that_does_not_exist_is_one_clear_line() -> None:
    with pytest.raises(SandboxError, match=r"cannot bind /nonesuch: there is no such file or folder"):
        asyncio.run(run(Confined(("/bin/true",), binds=(Bind(Path("/nonesuch")),))))


@pytest.mark.parametrize("path", ["/etc/x", "../x", "a/../../x"])
def test_a_file_outside_the_working_folder_is_refused(path: str) -> None:
    with pytest.raises(SandboxError, match="not a path below /app"):
        asyncio.run(run(Confined(("/bin/true",), files={path: ""})))


def test_files_larger_than_the_disk_are_refused() -> None:
    with pytest.raises(SandboxError, match="larger than the sandbox's disk"):
        asyncio.run(run(Confined(("/bin/true",), files={"x": "x" * 2000}, limits=Limits(disk=1000))))


def test_a_folder_is_copied_and_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "pkg").mkdir()
    (tmp_path / "pkg/a.py").write_text("A = 1\n")
    (tmp_path / "link").symlink_to("/etc/passwd")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/config").write_text("secret")
    before = {each: each.lstat().st_mtime_ns for each in tmp_path.rglob("*")}
    code = """
import json, os
seen = sorted(os.path.join(root, name) for root, _, names in os.walk("/app") for name in names)
open("/app/pkg/a.py", "w").write("changed")
os.symlink("/etc/passwd", "/app/pkg/b.py")
print(json.dumps(seen))
"""
    assert told(code, folder=tmp_path) == ["/app/guest.py", "/app/pkg/a.py"]
    assert {each: each.lstat().st_mtime_ns for each in tmp_path.rglob("*")} == before
    assert (tmp_path / "pkg/a.py").read_text() == "A = 1\n"


def test_a_virtual_environment_runs_inside(tmp_path: Path) -> None:
    import sys

    python = Path(sys.executable)
    confined = Confined((str(python), "-c", "import psycopg; print(psycopg.__name__)"), binds=python_binds(python))
    outcome = asyncio.run(run(confined))
    assert (outcome.stdout, outcome.stderr) == ("psycopg\n", "")


def test_a_python_behind_several_links_runs_inside(tmp_path: Path) -> None:
    (tmp_path / "installed").symlink_to(PYTHON.parent.parent)
    folder = tmp_path / "venv/bin"
    folder.mkdir(parents=True)
    (tmp_path / "venv/pyvenv.cfg").write_text(f"home = {tmp_path}/installed/bin\n")
    (folder / "python3").symlink_to(tmp_path / "installed/bin" / PYTHON.name)
    (folder / "python").symlink_to("python3")
    python = folder / "python"
    confined = Confined((str(python), "-c", "import sys; print(sys.prefix)"), binds=python_binds(python), limits=SMALL)
    outcome = asyncio.run(run(confined))
    assert (outcome.stdout, outcome.stderr) == (f"{tmp_path}/venv\n", "")


def test_a_bind_is_read_only_unless_it_is_said(tmp_path: Path) -> None:
    for name in ("kept", "shared"):
        (tmp_path / name).mkdir()
        (tmp_path / name).chmod(0o777)
    code = """
import json, os
def writes(path):
    try:
        return bool(open(path, "w").write("x"))
    except OSError as error:
        return error.strerror
print(json.dumps([writes(f"/{place}x") for place in ("kept/", "shared/", "usr/", "", "dev/", "etc/")]))
"""
    confined = guest(code)
    binds = (*confined.binds, Bind(tmp_path / "kept", "/kept"), Bind(tmp_path / "shared", "/shared", writable=True))
    outcome = asyncio.run(run(Confined(confined.argv, binds=binds, files=confined.files, limits=SMALL)))
    refused = "Read-only file system"
    assert outcome.stdout.strip() == f'["{refused}", true, "{refused}", "{refused}", "{refused}", "{refused}"]'
    assert [each.name for each in tmp_path.rglob("x")] == ["x"]


def test_a_service_runs_until_it_is_stopped_and_its_log_is_read_in_parts() -> None:
    code = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: (print("bye", flush=True), sys.exit(3)))
print("first", flush=True)
time.sleep(0.3)
print("second", file=sys.stderr, flush=True)
time.sleep(30)
"""

    async def scene() -> None:
        async with start(guest(code)) as process:
            await until(lambda: "first" in process.log())
            mark = process.mark()
            assert process.alive and process.returncode is None and process.killed is None
            await until(lambda: "second" in process.log(mark))
            assert await process.wait(0.01) is None
            await process.stop()
            assert not process.alive
            assert process.log(mark) == "second\nbye\n"
            assert (process.returncode, process.killed) == (3, None)
            assert process.usage.memory > 1_000_000 and process.usage.processes >= 1

    asyncio.run(scene())


def test_a_service_that_ends_by_itself_is_seen_to_end() -> None:
    async def scene() -> None:
        async with start(guest("raise SystemExit('broken')")) as process:
            assert await process.wait(10) == 1
            assert process.log() == "broken\n"

    asyncio.run(scene())


def test_an_ordinary_user_has_the_same_sandbox() -> None:
    script = """
import asyncio, os
from evaluators.service import launch
from evaluators.service.sandbox import *
assert os.geteuid() != 0
assert available() is None, available()
python = launch.interpreter()
code = "import os; print(os.getuid(), os.listdir('/app')); os.fork() and os.wait()"
outcome = asyncio.run(run(Confined((str(python), "-c", code), binds=python_binds(python), files={"x": ""})))
print(outcome.stdout, outcome.stderr)
bomb = "import os, time\\nn = 0\\ntry:\\n  while os.fork(): n += 1\\n  time.sleep(60)\\nexcept OSError: print(n)"
few = Limits(processes=16)
for code in (bomb, "print(len(open('/etc/shadow').read()))"):
    outcome = asyncio.run(run(Confined((str(python), "-c", code), binds=python_binds(python), limits=few)))
    print(outcome.stdout + outcome.stderr.split(":")[-1])
"""
    assert without_root(script).split() == ["1000", "['x']", "1000", "['x']", "15", "'/etc/shadow'"]


def test_starting_costs_little() -> None:
    began = time.monotonic()
    for _ in range(5):
        assert ran("pass").returncode == 0
    assert (time.monotonic() - began) / 5 < 1.5


def test_a_log_keeps_its_two_ends() -> None:
    log = Log(10)
    for number in range(100):
        log.add(b"%02d" % number)
    assert log.text() == "00010\n[190 bytes left out]\n79899"
    assert (log.total, log.text(198), log.text(3)) == (200, "99", "10\n[190 bytes left out]\n79899")


def test_the_interpreter_is_none_of_a_virtual_environment() -> None:
    assert not (PYTHON.parent.parent / "pyvenv.cfg").exists()
    assert launch.python_home(Path("/usr/bin/python3")) is None
