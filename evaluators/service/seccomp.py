"""The system calls that a guest is refused, as a filter that bubblewrap loads.

What is refused is what has let programs out of containers, what reaches the
kernel's less proven parts, and what uses memory that no limit counts. The
filter is a list of refusals, so that any runtime works.
"""

from __future__ import annotations

import errno
import functools
import os

REFUSED = (
    # other processes, and this one's keys and traces
    "ptrace",
    "process_vm_readv",
    "process_vm_writev",
    "process_madvise",
    "kcmp",
    "pidfd_getfd",
    "add_key",
    "request_key",
    "keyctl",
    "perf_event_open",
    "lookup_dcookie",
    # mounts, namespaces and roots
    "mount",
    "umount",
    "umount2",
    "pivot_root",
    "chroot",
    "setns",
    "unshare",
    "mount_setattr",
    "move_mount",
    "open_tree",
    "fsopen",
    "fsconfig",
    "fsmount",
    "fspick",
    "open_by_handle_at",
    "name_to_handle_at",
    "quotactl",
    "quotactl_fd",
    # the kernel and the machine
    "bpf",
    "userfaultfd",
    "init_module",
    "finit_module",
    "delete_module",
    "create_module",
    "kexec_load",
    "kexec_file_load",
    "reboot",
    "swapon",
    "swapoff",
    "acct",
    "syslog",
    "iopl",
    "ioperm",
    "uselib",
    "ustat",
    "sysfs",
    "_sysctl",
    "nfsservctl",
    "vhangup",
    "settimeofday",
    "clock_settime",
    "clock_adjtime",
    "adjtimex",
    "sethostname",
    "setdomainname",
    "personality",
    "modify_ldt",
    "vm86",
    "vm86old",
    "mbind",
    "migrate_pages",
    "move_pages",
    "set_mempolicy",
    "fanotify_init",
    "landlock_create_ruleset",
    "memfd_secret",
)
"""Answered with EPERM."""

ABSENT = ("clone3", "io_uring_setup", "io_uring_enter", "io_uring_register", "memfd_create")
"""Answered with ENOSYS, so that runtimes fall back: clone3 hides its flags from a filter."""

SYSTEM_V_MEMORY = ("shmget", "msgget", "semget")
"""Memory that stays when nobody maps it. PostgreSQL needs a page of it."""

ANOTHERS = ("prlimit64", "setpriority", "sched_setaffinity", "sched_setscheduler", "sched_setparam", "sched_setattr")
"""Allowed on oneself (0) only: the guest may not slow down its watcher."""

NEW_NAMESPACES = 0x7E020000
"""CLONE_NEW* for clone(2)."""

FAMILIES = {1, 2, 10, 16}
"""Address families that may be opened: Unix, IPv4, IPv6, netlink. AF_VSOCK would reach the machine's host."""

TIOCSTI, TIOCLINUX = 0x5412, 0x541C


class NoFilter(Exception):
    """The filter cannot be made here; one line says why."""


@functools.cache
def compiled(system_v: bool = False) -> bytes:
    """The filter as BPF. Raises NoFilter.

    Args:
        system_v: allow System V shared memory.
    """
    try:
        import pyseccomp as bpf
    except (ImportError, RuntimeError, OSError) as error:
        raise NoFilter(f"libseccomp is missing ({error})") from error
    made = bpf.SyscallFilter(bpf.ALLOW)

    def refuse(name: str, *arguments: object, code: int = errno.EPERM) -> None:
        try:
            number = bpf.resolve_syscall(bpf.system_arch(), name)
        except (ValueError, OSError):
            return  # older libseccomp, older architecture: the kernel has no such call under this name either
        if number >= 0:
            made.add_rule(bpf.ERRNO(code), name, *arguments)

    for name in (*REFUSED, *(() if system_v else SYSTEM_V_MEMORY)):
        refuse(name)
    for name in ABSENT:
        refuse(name, code=errno.ENOSYS)
    for bit in (1 << shift for shift in range(32) if NEW_NAMESPACES >> shift & 1):
        refuse("clone", bpf.Arg(0, bpf.MASKED_EQ, bit, bit))
    for name in ANOTHERS:
        refuse(name, bpf.Arg(1 if name == "setpriority" else 0, bpf.NE, 0))
    for call in ("socket", "socketpair"):
        for family in sorted(set(range(max(FAMILIES))) - FAMILIES):
            refuse(call, bpf.Arg(0, bpf.EQ, family), code=errno.EAFNOSUPPORT)
        refuse(call, bpf.Arg(0, bpf.GT, max(FAMILIES)), code=errno.EAFNOSUPPORT)
    for request in (TIOCSTI, TIOCLINUX):
        refuse("ioctl", bpf.Arg(1, bpf.MASKED_EQ, 0xFFFFFFFF, request))
    fd = os.memfd_create("filter")
    with os.fdopen(fd, "w+b") as sink:
        made.export_bpf(sink)
        sink.seek(0)
        return sink.read()
