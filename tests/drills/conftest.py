"""The scene of the drills that write, once for each kind of database."""

import functools
from collections.abc import Iterator

import pytest

from bot.privacy import derive, member_keys, receipts
from tests import desks
from tests.databases import KINDS, SERVER, run
from tests.drills import rewriting
from tests.drills.rewriting import Scene


@pytest.fixture(scope="package")
def hashed_once() -> Iterator[None]:
    """The slow hash gives the same for the same: what was stretched before is not stretched again."""
    with pytest.MonkeyPatch.context() as patch:
        once = functools.lru_cache(maxsize=None)(derive.stretch)
        patch.setattr(member_keys, "stretch", once)
        patch.setattr(receipts, "stretch", once)
        yield


@pytest.fixture(scope="package")
def scenes(tmp_path_factory: pytest.TempPathFactory, hashed_once: None) -> Iterator[dict[str, Scene]]:
    schema = f"drill_{id(tmp_path_factory)}"
    found = {}
    for kind in KINDS:
        folder = tmp_path_factory.mktemp(kind)
        url = f"sqlite:///{folder}/var/oberih.db"
        if kind == "postgresql":
            run(f"CREATE SCHEMA {schema}")
            url = f"{SERVER}?options=-csearch_path%3D{schema}"
        found[kind] = rewriting.scene(desks.found(folder, url))
        assert not found[kind].seen.refused
    yield found
    if "postgresql" in KINDS:
        run(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture(params=KINDS)
def scene(request: pytest.FixtureRequest, scenes: dict[str, Scene]) -> Iterator[Scene]:
    yield scenes[request.param]
    scenes[request.param].put_back()


@pytest.fixture
def lenient(scenes: dict[str, Scene]) -> Iterator[Scene]:
    """The scene on SQLite, which takes anything anywhere."""
    yield scenes["sqlite"]
    scenes["sqlite"].put_back()
