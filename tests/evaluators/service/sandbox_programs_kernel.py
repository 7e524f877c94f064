"""Hostile programs that ask the kernel, and those that look for a network or for what processes share."""

from __future__ import annotations

from sandbox_programs import Program

SHARED = (
    Program(
        "connect-to-the-hosts-loopback",
        'print(socket.create_connection(("127.0.0.1", W["tcp"]), timeout=2).recv(100))',
        token="tcp",
    ),
    Program(
        "connect-to-the-hosts-loopback-by-ipv6",
        'print(socket.create_connection(("::1", W["tcp6"]), timeout=2).recv(100))',
        token="tcp6",
    ),
    Program(
        "ask-the-host-by-datagram",
        """
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
    made.settimeout(1)
    made.connect(("127.0.0.1", W["udp"]))
    made.send(b"?")
    print(made.recv(100))
""",
        token="udp",
    ),
    Program(
        "connect-to-an-abstract-socket",
        """
with socket.socket(socket.AF_UNIX) as made:
    made.connect("\\0" + W["abstract"])
    print(made.recv(100))
""",
        token="abstract",
    ),
    Program(
        "connect-to-a-socket-in-a-folder",
        """
with socket.socket(socket.AF_UNIX) as made:
    made.connect(W["folder"] + "/socket")
    print(made.recv(100))
""",
        token="path",
    ),
    Program(
        "turn-a-socket-that-was-left-open",
        """
for number in range(3, 64):
    try:
        made = socket.socket(fileno=os.dup(number))
        libc.connect(made.fileno(), bytes(16), 16)
        made.settimeout(1)
        made.connect(("127.0.0.1", W["tcp"]))
        print(made.recv(100))
    except OSError as error:
        print("REFUSED", number, error)
""",
        token="tcp",
    ),
    Program(
        "answer-on-a-port-of-the-host",
        """
with socket.socket() as made:
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("0.0.0.0", W["squat"]))
    made.listen()
    made.settimeout(1.5)
    made.accept()[0].send(b"healthy")
""",
        check="squat",
    ),
    Program(
        "open-a-packet-socket",
        "power(NEWNET)\nout(socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0x0300))",
    ),
    Program("open-a-raw-socket", "power(NEWNET)\nout(socket.socket(socket.AF_INET, socket.SOCK_RAW, 1))"),
    Program("open-a-socket-to-the-machines-host", "out(socket.socket(40, socket.SOCK_STREAM))"),
    Program(
        "change-the-network-by-netlink",
        """
power(NEWNET)
with socket.socket(16, socket.SOCK_RAW, 0) as made:
    made.settimeout(1)
    link = struct.pack("BxHiII", 0, 0, socket.if_nametoindex("lo"), 0 if W["inside"] else 1, 1)
    made.send(struct.pack("IHHII", 16 + len(link), 16, 5, 1, 0) + link)
    code = struct.unpack("i", made.recv(4096)[16:20])[0]
if code: raise OSError(-code, os.strerror(-code))
out("the loopback is changed")
""",
    ),
    Program(
        "read-a-key-of-the-gate",
        """
number = call(250, 10, -3, ctypes.c_char_p(b"user"), ctypes.c_char_p(b"backwright-test"), 0)
room = ctypes.create_string_buffer(100)
call(250, 11, number, room, 100)
print(room.value)
""",
        token="key",
    ),
    Program(
        "keep-something-in-a-keyring",
        'out(call(248, ctypes.c_char_p(b"user"), ctypes.c_char_p(b"x"), ctypes.c_char_p(b"y"), 1, -2))',
    ),
    Program(
        "read-shared-memory-of-the-gate",
        """
libc.shmat.restype = ctypes.c_void_p
number = call(29, W["ipc"], 4096, 0o600)
print(ctypes.string_at(libc.shmat(number, None, 0o10000), 64))
""",
        token="shm",
    ),
    Program(
        "read-a-message-of-the-gate",
        """
number = call(68, W["ipc"], 0o600)
room = ctypes.create_string_buffer(108)
call(70, number, room, 100, 0, 0o4000)
print(room.raw)
""",
        token="msg",
    ),
    Program(
        "read-a-posix-message-of-the-gate",
        """
found = libc.mq_open(b"/backwright-test", os.O_RDONLY | os.O_NONBLOCK)
if found < 0: raise OSError(ctypes.get_errno(), "no queue")
room = ctypes.create_string_buffer(100)
libc.mq_receive(found, room, 100, None)
print(room.value)
""",
        token="mqueue",
    ),
    Program("leave-shared-memory-behind", "out(call(29, 0, 1 << 20, 0o1600))"),
    Program(
        "find-the-door-of-the-gate",
        """
with socket.socket(socket.AF_UNIX) as made:
    made.connect(W["door"])
    print(made.recv(100))
""",
        token="door",
    ),
)

KERNEL = (
    Program("unshare-a-user-namespace", "out(call(272, NEWUSER))"),
    Program("unshare-a-mount-namespace", "power()\nout(call(272, NEWNS))"),
    Program("unshare-a-network", "power()\nout(call(272, NEWNET))"),
    Program(
        "clone-a-user-namespace",
        """
pid = call(56, NEWUSER | 17, 0, 0, 0, 0)
if pid == 0: os._exit(7)
if os.waitpid(pid, 0)[1] == 7 << 8: out()
""",
    ),
    Program(
        "clone3-a-user-namespace",
        """
room = struct.pack("8Q", NEWUSER, 0, 0, 0, 17, 0, 0, 0)
pid = call(435, ctypes.c_char_p(room), len(room))
if pid == 0: os._exit(7)
if os.waitpid(pid, 0)[1] == 7 << 8: out()
""",
    ),
    Program(
        "enter-another-namespace",
        """
power(NEWUTS)
for name in ("uts", "mnt", "net", "pid"):
    for pid in ("self", *others()):
        try:
            call(308, os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY), 0)
            out(name)
        except OSError as error:
            print("REFUSED", pid, name, error)
""",
    ),
    Program(
        "shift-the-clock",
        """
power(NEWTIME)
with open("/proc/self/timens_offsets", "w") as sink: sink.write("monotonic 100000 0")
out()
""",
    ),
    Program(
        "mount-a-folder",
        """
power(NEWNS)
os.mkdir("place")
if libc.mount(b"none", b"place", b"tmpfs", ctypes.c_ulong(0), None): raise OSError(ctypes.get_errno(), "no mount")
out()
""",
    ),
    Program(
        "mount-by-the-new-calls",
        """
power(NEWNS)
made = call(430, ctypes.c_char_p(b"tmpfs"), 0)
call(431, made, 6, None, None, 0)
out(call(432, made, 0, 0))
""",
    ),
    Program(
        "bind-the-root-elsewhere",
        """
power(NEWNS)
os.mkdir("root")
call(165, ctypes.c_char_p(b"/"), ctypes.c_char_p(b"root"), None, 4096 | 16384, None)
out(len(os.listdir("root")))
""",
    ),
    Program("change-the-root", 'power()\nos.mkdir("cell")\ncall(161, ctypes.c_char_p(b"cell"))\nout()'),
    Program(
        "pivot-the-root",
        """
power(NEWNS)
call(165, ctypes.c_char_p(b"none"), ctypes.c_char_p(b"/"), None, 16384 | 1 << 18, None)
os.mkdir("new")
call(165, ctypes.c_char_p(b"none"), ctypes.c_char_p(b"new"), ctypes.c_char_p(b"tmpfs"), 0, None)
os.mkdir("new/old")
call(155, ctypes.c_char_p(b"new"), ctypes.c_char_p(b"new/old"))
out()
""",
    ),
    Program("set-the-hosts-name", 'power(NEWUTS)\nsocket.sethostname("taken")\nout(socket.gethostname())'),
    Program(
        "set-a-kernel-setting",
        """
power(NEWNET)
with open("/proc/sys/net/ipv4/ip_default_ttl", "w") as sink: sink.write("77")
out(open("/proc/sys/net/ipv4/ip_default_ttl").read())
""",
    ),
    Program("open-a-ring-of-the-kernel", "out(call(425, 4, ctypes.create_string_buffer(120)))"),
    Program("handle-page-faults", "out(call(323, 1))"),
    Program(
        "make-a-bpf-map",
        'out(call(321, 0, ctypes.c_char_p(struct.pack("5I", 2, 4, 4, 1, 0) + bytes(100)), 72))',
        root=True,
    ),
    Program(
        "count-events-of-the-cpu",
        """
room = struct.pack("IIQQQQ", 1, 112, 1, 0, 0, 0) + struct.pack("Q", 1 << 5 | 1 << 6) + bytes(64)
out(call(298, ctypes.create_string_buffer(room), 0, -1, -1, 0))
""",
    ),
    Program("compare-kernel-pointers", "out(call(312, os.getpid(), os.getpid(), 0, 1, 2))"),
    Program(
        "read-the-kernels-log",
        "out(call(103, 10, None, 0))\nroom = ctypes.create_string_buffer(4096)\nout(call(103, 3, room, 4096))",
        root=True,
    ),
    Program("turn-off-address-randomness", "call(135, 0x40000)\nout()"),
    Program(
        "set-a-segment",
        'out(call(154, 1, ctypes.c_char_p(struct.pack("III", 0, 0, 0xFFFFF) + struct.pack("I", 0x51)), 16))',
    ),
    Program("hide-memory-from-the-kernel", "fd = call(447, 0)\nos.ftruncate(fd, 1 << 16)\nout(mmap.mmap(fd, 1 << 16))"),
    Program(
        "get-root-by-a-setuid-file",
        """
import shutil
os.mkdir("bin", 0o755)
shutil.copy("/usr/bin/id", "bin/id")
try:
    os.chown("bin/id", 0, 0)
except OSError as error:
    print("NO POWER", error)
os.chmod("bin/id", 0o4755)
less = None if W["inside"] else lambda: os.setresuid(12345, 12345, 12345)
found = subprocess.run(["bin/id", "-u"], capture_output=True, text=True, preexec_fn=less)
if found.stdout.strip() == "0": out("root")
""",
        root=True,
    ),
    Program("become-root", "os.setresuid(0, 0, 0)\nos.setgroups([])\nout()", root=True),
)
