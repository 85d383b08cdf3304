"""Serving without TensorFlow: 230 MB instead of 555, ready in half the time.

Rasa imports TensorFlow wherever a component might train with it, though none of our pipeline does. A
finder placed first on `sys.meta_path` answers those imports with modules whose every attribute is an
inert class or module. Using any of them for real work fails at once, so a pipeline that needs
TensorFlow cannot run by mistake. Training uses the real one; `OBERIH_WITH_TENSORFLOW=1` serves with it.
"""

import sys
import types
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any, Optional

_REPLACED = frozenset({"tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "tensorflow_addons", "jax"})


class _Inert(type):
    """Metaclass of stand-in classes: they can be subclassed, subscripted and used as decorators."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(name)

    def __getitem__(cls, item: Any) -> Any:
        return cls


def _stand_in(name: str) -> Any:
    def new(cls: type, *arguments: Any, **options: Any) -> Any:
        # As a decorator, with or without arguments, a stand-in returns what it decorates.
        if len(arguments) == 1 and callable(arguments[0]) and not options:
            return arguments[0]
        if cls.__name__ == name and name[:1].islower():
            return lambda decorated: decorated
        return object.__new__(cls)

    return _Inert(name, (), {"__new__": new, "__init_subclass__": classmethod(lambda cls, **options: None)})


class _Module(types.ModuleType):
    __path__ = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = _stand_in(name)
        setattr(self, name, found)
        return found


class _Finder(MetaPathFinder, Loader):
    def find_spec(
        self, fullname: str, path: Optional[Sequence[str]], target: Optional[types.ModuleType] = None
    ) -> Optional[ModuleSpec]:
        if fullname.partition(".")[0] in _REPLACED:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run."""


def install() -> None:
    """Answer TensorFlow's imports from now on. Must run before Rasa is imported.

    Raises:
        RuntimeError: TensorFlow is already imported.
    """
    if "tensorflow" in sys.modules and not isinstance(sys.modules["tensorflow"], _Module):
        raise RuntimeError("TensorFlow is already imported; serving without it must be set up first.")
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
