"""A file of settings: as the gate reads TOML, with errors of ours."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from assistant.errors import SettingsError
from evaluators.toml_file import TomlError, TomlFile, nearest

__all__ = ["File", "nearest"]


class File(TomlFile):
    """The tables of a file that may not exist."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """Read `path`; a missing file is an empty one. Raises SettingsError."""
        try:
            return super().read(path)
        except TomlError as error:
            raise SettingsError(str(error)) from None
