"""A disk of its own, that can be full."""

import shutil
import subprocess
from pathlib import Path

SPARE = 100_000
"""Bytes that are left on a disk that is about to be full."""

BLOCK = 16_384
"""Bytes that are filled at once; far below `SPARE`, as a database writes at the same time."""


class SmallDisk:
    """A disk of its own, for a database of a few megabytes."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.filling = folder, folder / "vol"
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m,mode=777", "tmpfs", folder], check=True)

    def fill(self) -> None:
        """Leave next to nothing, also while a database writes on the same disk."""
        with self.filling.open("wb", buffering=0) as filling:
            while shutil.disk_usage(self.folder).free > SPARE:
                filling.write(bytes(BLOCK))

    def clean_up(self) -> None:
        self.filling.unlink()

    def close(self) -> None:
        subprocess.run(["umount", "-l", self.folder], check=True)
