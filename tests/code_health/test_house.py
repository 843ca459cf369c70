"""The house keeps its shape: settings are documented, code lists exist, words cover every column, layers point downwards."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from api.settings import ApiSettings, MapSettings
from geo.db import Audience
from geo.registry.collections import COLLECTIONS, words
from geo.settings import GeoSettings

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_in_env_example() -> None:
    documented = set(re.findall(r"^# ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))
    wanted = {"DATABASE_URL"}
    for settings in (GeoSettings, ApiSettings, MapSettings):
        prefix = settings.model_config["env_prefix"]
        wanted |= {f"{prefix}{name}".upper() for name in settings.model_fields if name != "database_url"}
    assert wanted <= documented


def test_every_property_of_every_collection_has_words_and_stands_in_its_view(database_url: str) -> None:
    with psycopg.connect(database_url) as c:
        for collection in COLLECTIONS.values():
            for audience, schema in ((Audience.PUBLIC, "open_data"), (Audience.STAFF, "staff_data")):
                if collection.staff_only and audience is Audience.PUBLIC:
                    continue
                names = collection.properties(audience)
                present = {
                    r[0]
                    for r in c.execute(
                        "select column_name from information_schema.columns where table_schema = %s and table_name = %s",
                        [schema, collection.id],
                    )
                }
                assert set(names) <= present, (collection.id, set(names) - present)
                assert set(names) <= set(words()), set(names) - set(words())


@pytest.mark.parametrize("table", ["fact_kind", "parameter"])
def test_every_fact_kind_and_parameter_names_its_source(database_url: str, table: str) -> None:
    column = "source" if table == "fact_kind" else "citation"
    with psycopg.connect(database_url) as c:
        assert c.execute(f"select count(*) from register.{table} where coalesce({column}, '') = ''").fetchone() == (0,)


@pytest.mark.timeout(900)
def test_every_check_passes() -> None:
    done = subprocess.run([sys.executable, "-m", "ops.checking"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:]
