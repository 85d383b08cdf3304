"""Reading the field's knowledge: YAML in, validated and frozen models out."""

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

RASA_KEYS = frozenset({"nlu", "stories", "rules", "responses"})
"""Top-level keys by which Rasa recognises its own files; knowledge must not use them at any depth."""


class KnowledgeError(Exception):
    """A knowledge file is missing, is not YAML, or does not fit its schema."""


class Knowledge(BaseModel):
    """Base of every knowledge schema: unknown keys are errors, and values cannot be changed."""

    class Config:
        """Pydantic's settings."""

        extra = "forbid"
        allow_mutation = False


Schema = TypeVar("Schema", bound=Knowledge)


class _Loader(yaml.CSafeLoader):
    """Takes no key twice: YAML forbids it, and the library would drop the first silently."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping, each of whose keys stands once."""
        keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(keys)) < len(keys):
            twice = next(key for place, key in enumerate(keys) if key in keys[:place])
            raise yaml.constructor.ConstructorError(None, None, f"the key {twice} stands twice", node.start_mark)
        return super().construct_mapping(node, deep)


def state_of(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Return what tells whether a folder's YAML files were changed: their names, sizes and times of change."""
    found = ((path, path.stat()) for path in folder.rglob("*.yml"))
    return frozenset((str(path.relative_to(folder)), status.st_size, status.st_mtime_ns) for path, status in found)


def read_yaml(path: Path) -> Any:
    """Return the parsed content of a YAML file.

    Raises:
        KnowledgeError: the file is missing or is not valid YAML, or has a key twice.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (it is a safe loader)
    except FileNotFoundError as error:
        raise KnowledgeError(f"{path} is missing.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise KnowledgeError(f"{path} is not valid YAML: {error}") from error


def read(path: Path, schema: type[Schema]) -> Schema:
    """Return a knowledge file as an instance of its schema.

    Raises:
        KnowledgeError: the file is missing, is not YAML, or does not fit the schema.
    """
    try:
        return schema.parse_obj(read_yaml(path))
    except ValidationError as error:
        raise KnowledgeError(f"{path} does not fit its schema: {error}") from error
