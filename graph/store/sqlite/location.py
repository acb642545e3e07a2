"""Where a SQLite store may stand: on a local disk, in a folder that can be written to.

Write-ahead logging shares memory between the processes of one machine. Over a network, two
machines would each see their own and damage the file, so a share is refused with the reason.
"""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from graph.errors import StoreError, cause_of

NETWORK_FILESYSTEMS = frozenset(
    {
        "9p",
        "acfs",
        "afpfs",
        "afs",
        "beegfs",
        "ceph",
        "cifs",
        "davfs",
        "davfs2",
        "fuse.ceph",
        "fuse.davfs2",
        "fuse.glusterfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.sshfs",
        "glusterfs",
        "gpfs",
        "lustre",
        "ncpfs",
        "nfs",
        "nfs3",
        "nfs4",
        "prl_fs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "vboxsf",
        "webdav",
    }
)
"""File systems whose files lie on another machine (or are served by one, as WSL's drives)."""

MOUNTINFO = Path("/proc/self/mountinfo")
DRIVE_REMOTE = 4
_UNC = re.compile(r"(?:\\\\|//)(?![?.][\\/])[^\\/]+[\\/]+[^\\/]+|\\\\\?\\UNC\\", re.IGNORECASE)
_DRIVE = re.compile(r"([A-Za-z]:)")
_OCTAL = re.compile(r"\\([0-7]{3})")
_MACOS_MOUNT = re.compile(r".+ on (?P<point>/.*) \((?P<kind>[^,)]+)")

Mounts = list[tuple[str, str]]
"""Mount points with their file system, in order of mounting."""


def check_local(
    path: str,
    *,
    mounts: Callable[[], Mounts] | None = None,
    drive_type: Callable[[str], int] | None = None,
) -> None:
    """Refuse `path` if it stands on a network share.

    Parameters
    ----------
    path : str
        Where the store would be, as the user gave it.
    mounts : callable, optional
        Gives the mounted file systems; the system's own by default.
    drive_type : callable, optional
        Gives the type of a Windows drive; the system's own by default.

    Raises
    ------
    StoreError
        With the reason: the share's name or the kind of network file system.
    """
    reason = (
        _share_name(path)
        or _remote_drive(path, drive_type or system_drive_type)
        or _network_mount(path, mounts or system_mounts)
    )
    if reason:
        raise StoreError("store.network_share", path=path, reason=reason)


def _share_name(path: str) -> str | None:
    return path if _UNC.match(path) else None


def _remote_drive(path: str, drive_type: Callable[[str], int]) -> str | None:
    match = _DRIVE.match(path)
    if match is None or drive_type(f"{match[1]}\\") != DRIVE_REMOTE:
        return None
    return match[1]


def _network_mount(path: str, mounts: Callable[[], Mounts]) -> str | None:
    """Return the file system's name if `path` lies in a network mount."""
    place = os.path.realpath(path)
    best = ("", "")
    for point, kind in mounts():
        inside = place == point or place.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best[0]):
            best = (point, kind)
    point, kind = best
    # A sandbox may serve its whole disk by 9p: nothing else is there to choose.
    if kind not in NETWORK_FILESYSTEMS or (kind == "9p" and point == "/"):
        return None
    return f"{kind}, {point}"


def system_mounts() -> Mounts:
    """Return the file systems mounted on this machine (none on Windows)."""
    if sys.platform == "win32":
        return []
    if MOUNTINFO.exists():
        return list(linux_mounts(MOUNTINFO.read_text(encoding="utf-8", errors="replace")))
    if sys.platform == "darwin":
        shown = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False)
        return list(macos_mounts(shown.stdout))
    return []


def linux_mounts(table: str) -> Iterator[tuple[str, str]]:
    """Read ``/proc/self/mountinfo``: mount point (5th field), file system (after the dash)."""
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        fields, kind = before.split(" "), after.split(" ")[0]
        if len(fields) >= 5 and kind:  # noqa: PLR2004 - the mount point is the fifth
            yield _OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[4]), kind


def macos_mounts(shown: str) -> Iterator[tuple[str, str]]:
    """Read what ``mount`` prints: ``//user@server/share on /Volumes/share (smbfs, nodev)``."""
    for line in shown.splitlines():
        if match := _MACOS_MOUNT.match(line):
            yield match["point"], match["kind"]


def system_drive_type(root: str) -> int:
    """Return what Windows says of a drive (``GetDriveTypeW``); 0 elsewhere."""
    if sys.platform == "win32":
        return int(ctypes.windll.kernel32.GetDriveTypeW(root))
    return 0


def make_folder(path: Path) -> None:
    """Make the folder that the store will stand in.

    Raises
    ------
    StoreError
        The folder cannot be made, or the place is a folder itself.
    """
    try:
        if path.is_dir():
            raise StoreError("store.is_folder", path=str(path))
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError("store.folder", folder=str(path.parent), why=cause_of(error)) from error
