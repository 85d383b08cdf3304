"""Looking for words in files, in every form in which a program could have written them."""

from collections.abc import Collection, Iterable
from pathlib import Path


def encodings(secret: str) -> list[bytes]:
    escaped = secret.encode("ascii", "backslashreplace")
    return [secret.encode(), secret.encode("utf-16-le"), secret.encode("utf-16-be"), escaped, escaped.upper()]


def leaks(folders: Iterable[Path], since: float, secrets: Collection[str]) -> list[str]:
    """Files changed since a moment that hold a secret in any encoding."""
    wanted = [form for secret in secrets for form in encodings(secret)]
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime >= since:
                content = path.read_bytes()
                found += [str(path) for form in wanted if form in content][:1]
    return found
