"""Hostile programs: what each tries, how it is seen to have got out, and how it may end when it is held.

`sandbox_world.py` runs every one of them twice against the same victims: once
with nothing around it and once in the sandbox. A program prints BEGAN, then what it
found, then ENDED or REFUSED; whoever prints neither has merely crashed.
"""

from __future__ import annotations

from dataclasses import dataclass

PREAMBLE = r'''
import ctypes, json, mmap, os, resource, signal, socket, struct, subprocess, sys, threading, time
W = json.loads(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long
NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET = (
    0x80, 0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
def call(number, *arguments):
    """A system call by its number on x86-64; raises OSError."""
    given = [ctypes.c_long(each) if isinstance(each, int) else each for each in arguments]
    found = libc.syscall(ctypes.c_long(number), *given)
    if found < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return found
def power(flags=0):
    """Become the root of a new user namespace where one is not root: what an attacker would do first."""
    user = os.geteuid()
    try:
        call(272, flags if user == 0 else NEWUSER | flags)
        if user:
            for name, text in (("setgroups", "deny"), ("uid_map", f"0 {user} 1"), ("gid_map", f"0 {os.getegid()} 1")):
                with open(f"/proc/self/{name}", "w") as sink: sink.write(text)
    except OSError as error:
        print("NO POWER", error, flush=True)
def others():
    """The numbers of all other processes that can be seen."""
    return [int(name) for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
def every(action, among):
    """Try an action on each; print what it gives, or why not."""
    for one in among:
        try:
            print(action(one), flush=True)
        except (OSError, ValueError) as error:
            print("REFUSED", one, error, flush=True)
def out(text=""):
    print("OUT", text, flush=True)
def wait_for(condition, seconds=3):
    until = time.monotonic() + seconds
    while not condition() and time.monotonic() < until: time.sleep(0.01)
    return condition()
print("BEGAN", flush=True)
'''

RUN = """
try:
    attack()
    print("ENDED", flush=True)
except (OSError, MemoryError, RuntimeError) as error:
    print("REFUSED", type(error).__name__, error, flush=True)
"""


@dataclass(frozen=True)
class Program:
    """One hostile program."""

    name: str
    body: str
    """What stands in `def attack():`, without indentation."""
    token: str = ""
    """The secret that is in its output when it got out; without one it says OUT."""
    check: str = ""
    """A look of the world's that says whether it got out (`World.check_NAME`)."""
    killed: str = ""
    """Why the sandbox may end it (`Outcome.killed`): then it need not tell how it went."""
    root: bool = False
    """Whether only a real root gets out with nothing around it on a usual kernel."""
    seconds: float = 0.0
    """The sandbox's bound on its time, where that is the point."""

    @property
    def code(self) -> str:
        """The whole program."""
        body = "\n".join("    " + line for line in self.body.strip().split("\n"))
        return f"{PREAMBLE}\ndef attack():\n{body}\n{RUN}"


FILES = (
    Program("read-a-file-of-the-host", 'print(open(W["folder"] + "/secret").read())', token="file"),
    Program("write-a-file-of-the-host", 'open(W["folder"] + "/prey", "w").write("changed")', check="prey"),
    Program(
        "read-through-the-root-of-others",
        'every(lambda pid: open(f"/proc/{pid}/root" + W["folder"] + "/secret").read(), others())',
        token="file",
    ),
    Program(
        "read-through-the-folder-of-others",
        'every(lambda pid: open(f"/proc/{pid}/cwd/secret").read(), others())',
        token="file",
    ),
    Program(
        "swap-a-shared-file-for-a-link",
        """
os.unlink(W["shared"] + "/data.db")
os.symlink(W["folder"] + "/secret", W["shared"] + "/data.db")
""",
        check="link",
    ),
    Program(
        "put-a-pipe-where-the-gate-reads",
        """
os.unlink(W["shared"] + "/pipe.db")
os.mkfifo(W["shared"] + "/pipe.db")
""",
        check="pipe",
    ),
    Program(
        "open-the-devices",
        """
usual = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "stdin", "stdout", "stderr"}
for folder, _, names in os.walk("/dev"):
    for name in names:
        path = os.path.join(folder, name)
        if name in usual or "/pts" in folder or "/fd" in folder or "/shm" in folder or "/mqueue" in folder: continue
        try:
            os.close(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW))
            out(path)
        except OSError as error:
            print("REFUSED", path, error)
""",
    ),
    Program(
        "make-a-device",
        """
power()
os.mknod("device", 0o600 | 0o020000, os.makedev(1, 11))
out(os.open("device", os.O_RDONLY | os.O_NONBLOCK))
""",
        root=True,
    ),
    Program(
        "read-by-a-files-handle",
        """
class Handle(ctypes.Structure):
    _fields_ = [("size", ctypes.c_uint), ("kind", ctypes.c_int), ("data", ctypes.c_ubyte * 128)]
handle, mount = Handle(128), ctypes.c_int()
call(303, -100, ctypes.c_char_p((W["folder"] + "/secret").encode()), ctypes.byref(handle), ctypes.byref(mount), 0)
there = os.open(W["folder"], os.O_RDONLY)
print(os.read(call(304, there, ctypes.byref(handle), 0), 100))
""",
        token="file",
        root=True,
    ),
    Program(
        "dump-its-core-beside-it",
        """
resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
pid = os.fork()
if pid == 0:
    os.abort()
_, status = os.waitpid(pid, 0)
if os.WCOREDUMP(status): out("dumped")
""",
    ),
    Program(
        "keep-an-inotify-on-the-hosts-folder",
        """
fd = libc.inotify_init()
if libc.inotify_add_watch(fd, W["folder"].encode(), 0x20 | 0x100) < 0:
    raise OSError(ctypes.get_errno(), "no watch")
open(W["folder"] + "/secret").close()
out(os.read(fd, 4096))
""",
    ),
    Program("watch-files-by-fanotify", "out(call(300, 0x200, 0))"),
)

PROCESSES = (
    Program(
        "read-the-environment-of-others",
        'every(lambda pid: open(f"/proc/{pid}/environ").read(), others())',
        token="env",
    ),
    Program(
        "read-the-command-lines-of-others",
        'every(lambda pid: open(f"/proc/{pid}/cmdline").read(), others())',
        token="argv",
    ),
    Program(
        "read-the-memory-of-others",
        """
def look(pid):
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        memory.seek(W["address"])
        return memory.read(64)
every(look, [W["victim"], *others()])
""",
        token="memory",
    ),
    Program(
        "copy-the-memory-of-others",
        """
def look(pid):
    room = ctypes.create_string_buffer(64)
    here = (ctypes.c_size_t * 2)(ctypes.addressof(room), 64)
    there = (ctypes.c_size_t * 2)(W["address"], 64)
    call(310, pid, here, 1, there, 1, 0)
    return room.raw
every(look, [W["victim"], *others()])
""",
        token="memory",
    ),
    Program(
        "trace-others",
        """
def look(pid):
    call(101, 16, pid, 0, 0)
    os.waitpid(pid, 0x40000000)
    found = b""
    for offset in range(0, 64, 8):
        room = ctypes.c_long()
        call(101, 2, pid, W["address"] + offset, ctypes.byref(room))
        found += struct.pack("l", room.value)
    call(101, 17, pid, 0, 0)
    return found
every(look, [W["victim"], *([os.getppid()] if W["inside"] else [])])
""",
        token="memory",
    ),
    Program(
        "kill-others",
        """
every(lambda pid: os.kill(pid, signal.SIGKILL), [W["prey"], *([os.getppid()] if W["inside"] else [])])
""",
        check="killed",
    ),
    Program(
        "stop-its-watcher",
        """
parent = os.getppid()
state = lambda: open(f"/proc/{parent}/stat").read().rpartition(")")[2].split()[0]
os.kill(parent, signal.SIGSTOP)
wait_for(lambda: state() == "T", 0.5)
if state() == "T": out()
os.kill(parent, signal.SIGCONT)
""",
    ),
    Program(
        "slow-its-watcher-down",
        """
os.setpriority(os.PRIO_PROCESS, os.getppid(), 19)
if os.getpriority(os.PRIO_PROCESS, os.getppid()) == 19: out()
""",
    ),
    Program("take-its-watchers-files", "out(resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE, (32, 32)))"),
    Program("pin-its-watcher", "out(os.sched_setaffinity(os.getppid(), [0]))"),
    Program(
        "open-the-files-of-others",
        """
def look(pid):
    found = []
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            with open(f"/proc/{pid}/fd/{name}", "rb") as source:
                if os.path.isfile(f"/proc/{pid}/fd/{name}"): found.append(source.read(100))
        except OSError:
            continue
    return found
every(look, others())
""",
        token="fd",
    ),
    Program(
        "take-the-descriptors-of-others",
        """
def look(pid):
    found, handle = [], call(434, pid, 0)
    for number in range(3, 40):
        try:
            stolen = call(438, handle, number, 0)
            os.set_blocking(stolen, False)
            found.append(os.pread(stolen, 100, 0))
        except OSError as error:
            found.append(str(error))
    return found
every(look, others())
""",
        token="fd",
    ),
    Program(
        "find-a-descriptor-left-open",
        "every(lambda number: os.pread(number, 100, 0), range(3, 64))",
        token="fd",
    ),
    Program(
        "forge-the-watchers-report",
        """
def look(pid):
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            with open(os.open(f"/proc/{pid}/fd/{name}", os.O_WRONLY | os.O_NONBLOCK), "wb") as sink:
                if os.readlink(f"/proc/{pid}/fd/{name}").startswith("pipe:"): sink.write(b"FORGED ")
        except OSError:
            continue
every(look, [os.getppid()])
""",
        check="forged",
    ),
    Program(
        "stay-after-its-end",
        """
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        null = os.open("/dev/null", os.O_RDWR)
        for number in range(3): os.dup2(null, number)
        os.execv(sys.executable, [sys.executable, "-c", "import time; time.sleep(20)", W["stays"]])
    os._exit(0)
os.wait()
time.sleep(0.2)
""",
        check="stays",
    ),
)
