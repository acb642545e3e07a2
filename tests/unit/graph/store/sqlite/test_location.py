"""Where a store may stand. Mount tables are synthetic, written as the systems write them."""

from pathlib import Path

import pytest

from graph.errors import StoreError
from graph.store.sqlite.location import (
    check_local,
    linux_mounts,
    macos_mounts,
    make_folder,
    system_drive_type,
    system_mounts,
)

MOUNTINFO = """\
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
40 22 0:35 / /mnt/equipe rw,relatime shared:20 - cifs //serveur/equipe rw,vers=3.0
41 22 0:36 / /mnt/Mes\\040documents rw shared:21 - nfs4 nas:/docs rw
42 22 0:37 / /home/u/distant rw - fuse.sshfs u@host:/ rw
43 40 8:2 / /mnt/equipe/local rw - xfs /dev/sdb1 rw
44 22 0:38 / /mnt/c rw - 9p C:\\134 rw,aname=drvfs
45 22 0:39 / /var/lib rw - tmpfs tmpfs rw
46 22 0:40 / /srv rw - ext4 /dev/sdc1 rw
47 22 0:41 / /srv rw - smb3 //serveur/srv rw
"""
MACOS = """\
/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//user@server/share on /Volumes/share (smbfs, nodev, nosuid, mounted by user)
afp_0001 on /Volumes/Vieux serveur (afpfs, nodev)
"""


def _check(path: str, table: str = MOUNTINFO) -> None:
    check_local(path, mounts=lambda: list(linux_mounts(table)))


@pytest.mark.parametrize(
    "path",
    [
        "/home/u/m.db",
        "/var/lib/m.db",
        "/mnt/equipe/local/m.db",
        "/mnt/equipes/m.db",
        "/home/u/distante/m.db",
    ],
)
def test_local_disks_are_taken(path: str) -> None:
    _check(path)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/mnt/equipe/m.db", "cifs"),
        ("/mnt/equipe/dossier/m.db", "cifs"),
        ("/mnt/Mes documents/m.db", "nfs4"),
        ("/home/u/distant/m.db", "fuse.sshfs"),
        ("/mnt/c/Users/u/m.db", "9p"),
        ("/srv/m.db", "smb3"),
    ],
)
def test_network_mounts_are_refused_with_the_reason(path: str, kind: str) -> None:
    with pytest.raises(StoreError) as caught:
        _check(path)
    assert caught.value.code == "store.network_share"
    for language in ("fr", "en"):
        assert kind in caught.value.message(language)
        assert path in caught.value.message(language)


def test_a_sandbox_whose_whole_disk_is_served() -> None:
    _check("/home/u/m.db", "22 1 0:1 / / rw - 9p none rw,trans=fd\n")


def test_macos_mounts() -> None:
    assert list(macos_mounts(MACOS)) == [
        ("/", "apfs"),
        ("/Volumes/share", "smbfs"),
        ("/Volumes/Vieux serveur", "afpfs"),
    ]
    with pytest.raises(StoreError):
        check_local("/Volumes/Vieux serveur/m.db", mounts=lambda: list(macos_mounts(MACOS)))


def test_a_link_to_a_share_is_followed(tmp_path: Path) -> None:
    share = tmp_path / "share"
    share.mkdir()
    link = tmp_path / "link"
    link.symlink_to(share)
    with pytest.raises(StoreError):
        check_local(str(link / "m.db"), mounts=lambda: [("/", "ext4"), (str(share), "nfs")])


@pytest.mark.parametrize(
    "path",
    [
        r"\\serveur\partage\m.db",
        "//serveur/partage/m.db",
        r"\\?\UNC\serveur\partage\m.db",
        r"\\wsl$\Debian\m.db",
    ],
)
def test_unc_paths_are_refused(path: str) -> None:
    with pytest.raises(StoreError) as caught:
        check_local(path, mounts=list, drive_type=lambda _: 3)
    assert path in caught.value.message("fr")


def test_windows_drives() -> None:
    types = {"C:\\": 3, "Z:\\": 4, "\\": 0}
    check_local(r"C:\Users\u\m.db", mounts=list, drive_type=types.__getitem__)
    check_local(r"\\?\C:\Users\u\m.db", mounts=list, drive_type=types.__getitem__)
    with pytest.raises(StoreError) as caught:
        check_local("Z:/partage/m.db", mounts=list, drive_type=types.__getitem__)
    assert caught.value.params["reason"] == "Z:"


def test_this_machine_is_read() -> None:
    assert all(isinstance(kind, str) for _, kind in system_mounts())
    assert system_drive_type("C:\\") >= 0
    check_local(str(Path.cwd() / "m.db"))


def test_odd_lines_are_skipped() -> None:
    assert list(linux_mounts("\nno dash here\n1 2 3 - ext4 x\n")) == []
    assert list(macos_mounts("nothing of that kind")) == []


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        make_folder(tmp_path)
    assert caught.value.code == "store.is_folder"


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError) as caught:
        make_folder(tmp_path / "file" / "m.db")
    assert caught.value.code == "store.folder"
    assert str(tmp_path / "file") in caught.value.message("fr")
