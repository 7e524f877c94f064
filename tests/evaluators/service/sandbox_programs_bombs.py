"""Hostile programs that use more than they may. Each stops soon after its bound, so that nothing is harmed."""

from __future__ import annotations

from sandbox_programs import Program

BOMBS = (
    Program("use-much-memory", 'x = b"x" * (280 << 20)\nout(len(x))', killed="memory"),
    Program(
        "use-much-memory-in-many-processes",
        """
def child():
    x = bytearray(b"x" * (40 << 20))
    time.sleep(1.5)
    os._exit(0 if len(x) else 1)
for _ in range(8):
    if os.fork() == 0: child()
if all(os.wait()[1] == 0 for _ in range(8)): out()
""",
        killed="memory",
    ),
    Program(
        "use-much-shared-memory",
        """
x = mmap.mmap(-1, 280 << 20)
for place in range(0, 280 << 20, 4096): x[place] = 1
time.sleep(0.3)
out()
""",
        killed="memory",
    ),
    Program(
        "use-memory-that-nobody-maps",
        """
fd = os.memfd_create("x")
for _ in range(300): os.write(fd, bytes(1 << 20))
out()
""",
        killed="memory",
    ),
    Program(
        "use-memory-in-sockets",
        """
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
total, kept = 0, []
while total < 300 << 20 and len(kept) < 480:
    pair = socket.socketpair()
    kept.append(pair)
    for end in pair:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
        end.setblocking(False)
        try:
            while True: total += end.send(bytes(1 << 15))
        except BlockingIOError:
            pass
time.sleep(0.5)
if total > 250 << 20: out(total)
""",
        killed="memory",
    ),
    Program(
        "lock-memory",
        """
x = mmap.mmap(-1, 1 << 22)
place = ctypes.addressof(ctypes.c_char.from_buffer(x))
if libc.mlock(ctypes.c_void_p(place), ctypes.c_size_t(1 << 20)): raise OSError(ctypes.get_errno(), "not locked")
out()
""",
    ),
    Program(
        "make-many-processes",
        """
made = 0
for _ in range(100):
    if os.fork() == 0:
        time.sleep(2)
        os._exit(0)
    made += 1
out(made)
""",
        killed="processes",
    ),
    Program(
        "make-many-threads",
        """
for _ in range(100): threading.Thread(target=time.sleep, args=(1,), daemon=True).start()
out()
sys.stdout.flush()
os._exit(0)
""",
        killed="processes",
    ),
    Program(
        "fill-the-disk",
        """
with open("big", "wb", buffering=0) as sink:
    for _ in range(64):
        if sink.write(bytes(1 << 20)) < 1 << 20: raise OSError("full")
out()
""",
        killed="disk",
    ),
    Program(
        "fill-every-place",
        """
for number in range(24):
    for folder in (".", "/tmp", "/dev/shm"):
        name = f"{folder}/filled-{os.getpid()}-{number}"
        with open(name, "wb", buffering=0) as sink:
            for _ in range(1):
                if sink.write(bytes(1 << 20)) < 1 << 20: raise OSError("full")
        if W["inside"] is False and folder != ".": os.unlink(name)
out()
""",
        killed="disk",
    ),
    Program(
        "make-many-files",
        'for number in range(6000): os.close(os.open(f"f{number}", os.O_CREAT | os.O_WRONLY))\ntime.sleep(0.3)\nout()',
        killed="disk",
    ),
    Program(
        "open-many-files",
        """
resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
kept = [os.open("/dev/null", os.O_RDONLY) for _ in range(1500)]
out(len(kept))
""",
    ),
    Program("flood-the-log", 'for _ in range(320): os.write(1, b"x" * 65535 + b"\\n")\nout()', killed="log"),
    Program("stay-for-long", "time.sleep(1.6)\nout()", killed="time", seconds=1.0),
    Program(
        "burn-the-cpu-after-its-time",
        """
signal.signal(signal.SIGXCPU, signal.SIG_IGN)
until = time.monotonic() + 1.6
while time.monotonic() < until: pass
out()
""",
        killed="time",
        seconds=1.0,
    ),
)
