"""Which account a server runs under that refuses to run as root."""

import logging
import os
import pwd
import stat
from pathlib import Path

from summit_cli.servers.child import Account
from summit_cli.servers.failures import ServerFailed

_log = logging.getLogger(__name__)
_NAMES = ("postgres", "nobody")


def unprivileged_account() -> Account | None:
    """The account to run PostgreSQL under when we are root; None when we are not, and may stay who we are.

    Accounts that every machine has are taken rather than one made: a launcher leaves no users behind.

    Raises:
        ServerFailed: we are root and there is none.
    """
    if os.geteuid() != 0:
        return None
    for name in _NAMES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise ServerFailed(
        f"PostgreSQL refuses to run as root, and there is no account named {' or '.join(_NAMES)}"
    )


def give(directory: Path, account: Account) -> None:
    """`directory` and what is in it belong to `account`, and its parents can be passed through."""
    os.chown(directory, account.uid, account.gid)
    for found, directories, files in os.walk(directory):
        for name in [*directories, *files]:
            os.chown(Path(found) / name, account.uid, account.gid, follow_symlinks=False)
    open_the_way_to(directory)


def open_the_way_to(path: Path) -> None:
    """Everybody may pass through the parents of `path` (not list them); what had to be changed is logged."""
    for parent in path.resolve().parents:
        mode = parent.stat().st_mode
        if not mode & stat.S_IXOTH:
            parent.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)
            _log.warning("%s may now be passed through by other accounts: PostgreSQL lies beneath it", parent)


def let_everybody_run(directory: Path) -> None:
    """Programs and libraries under `directory` can be read and run by every account, whatever the umask was."""
    open_the_way_to(directory)
    for path in [directory, *directory.rglob("*")]:
        if path.is_symlink():
            continue
        mode = path.stat().st_mode
        wanted = mode | stat.S_IROTH
        if path.is_dir() or mode & stat.S_IXUSR:
            wanted |= stat.S_IXOTH
        if wanted != mode:
            path.chmod(stat.S_IMODE(wanted))
