"""What a session must be before it is used."""

from types import SimpleNamespace
from typing import Any

import pytest

from psa_operator.errors import ConfigurationError
from psa_operator.store.connection import session
from psa_operator.sync.spec import Database


async def test_a_server_that_is_too_old_is_refused_by_its_version() -> None:
    old: Any = SimpleNamespace(info=SimpleNamespace(server_version=140012))

    with pytest.raises(ConfigurationError, match="PostgreSQL 14; 15 or later") as caught:
        await session(Database("host=db"))(old)

    assert caught.value.reason == "UnsupportedServerVersion"
