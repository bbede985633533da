"""Reading settings: from variables, or from the file that a variable with `_FILE` behind its name points to."""

import environ
from environ.fileaware_mapping import FileAwareMapping


class _Trimmed(FileAwareMapping):
    """Without the newline most tools put behind a secret they write to a file: it would become part of the secret."""

    def __getitem__(self, key: str) -> str:
        return str(super().__getitem__(key)).strip()


class Environment(environ.FileAwareEnv):
    """`Environment()("DATABASE_URL")` is `$DATABASE_URL`, or what the file `$DATABASE_URL_FILE` holds."""

    ENVIRON = _Trimmed()
