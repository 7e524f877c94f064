"""What root does before bubblewrap starts: show folders to an unprivileged user, and become that user.

Runs as `python -I -S staging.py UID PLACE SOURCE... -- COMMAND...`: standard library
only. In a mount namespace of its own, SOURCE number N is seen at PLACE/N, so
that a folder below one that only root may enter can still be bound. Ends by
executing the command, so that no process stays between the gate and bubblewrap.
"""

from __future__ import annotations

import ctypes
import os
import stat
import sys

CLONE_NEWNS = 0x00020000
MS_NOSUID, MS_NODEV, MS_BIND, MS_REC, MS_PRIVATE = 2, 4, 4096, 16384, 1 << 18

libc = ctypes.CDLL(None, use_errno=True)


def mount(source: str, target: str, kind: str, flags: int, data: str = "") -> None:
    """mount(2); raises OSError."""
    arguments = [text.encode() or None for text in (source, target, kind)]
    if libc.mount(*arguments, ctypes.c_ulong(flags), data.encode() or None) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), target)


def stage(place: str, sources: list[str]) -> None:
    """Show each source below `place`, in this process's own mount namespace."""
    if libc.unshare(CLONE_NEWNS) != 0:
        raise OSError(ctypes.get_errno(), "no mount namespace of one's own")
    mount("none", "/", "", MS_REC | MS_PRIVATE)
    # Opened before the tmpfs is mounted, which may cover them.
    opened = [os.open(source, os.O_PATH | os.O_CLOEXEC) for source in sources]
    mount("tmpfs", place, "tmpfs", MS_NOSUID | MS_NODEV, "mode=755,size=1m")
    for number, fd in enumerate(opened):
        target = f"{place}/{number}"
        if stat.S_ISDIR(os.fstat(fd).st_mode):
            os.mkdir(target)  # noqa: PTH102 - pathlib is not imported here, for speed
        else:
            os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
        mount(f"/proc/self/fd/{fd}", target, "", MS_BIND | MS_REC)


def main() -> None:
    """Stage, drop root, execute."""
    uid, place, rest = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
    cut = rest.index("--")
    try:
        stage(place, rest[:cut])
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
        os.chdir("/")
        os.execve(rest[cut + 1], rest[cut + 1 :], {})  # noqa: S606 - no shell is wanted
    except OSError as error:
        sys.stderr.write(f"bwrap: not started: {error.strerror}: {error.filename}\n")
        os._exit(1)


main()
