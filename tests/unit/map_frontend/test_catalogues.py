"""Both languages say the same things, and templates and scripts only ask for words that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import map_frontend
from api.problems import SLUGS
from map_frontend.layers import ALL
from map_frontend.map_page import SCRIPT_WORDS
from map_frontend.screen.kinds import KINDS
from map_frontend.words import LANGUAGES, catalogue

ROOT = Path(map_frontend.__file__).parent
PLACE = re.compile(r"\{(\w+)(?::[^}]*)?\}")


def test_both_catalogues_have_the_same_keys() -> None:
    assert sorted(catalogue("zh")) == sorted(catalogue("en"))


def test_every_sentence_is_text_with_the_same_places_in_both_languages() -> None:
    for key, sentence in catalogue("zh").items():
        other = catalogue("en")[key]
        assert isinstance(sentence, str), key
        assert isinstance(other, str), key
        if key != "map.towns_merged":
            assert set(PLACE.findall(sentence)) == set(PLACE.findall(other)), key


def test_chinese_is_chinese_and_english_has_none() -> None:
    allowed = {"lang.other", "lang.other_label"}
    for key, sentence in catalogue("en").items():
        assert key in allowed or not re.search(r"[\u4e00-\u9fff]", sentence), key


@pytest.mark.parametrize("template", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_templates_ask_only_for_known_words(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    for key in re.findall(r"words\('([\w.-]+)'[,)]", text):
        assert key in catalogue("zh"), key


def test_scripts_ask_only_for_words_they_are_given() -> None:
    for script in (ROOT / "static" / "js").rglob("*.js"):
        for key in re.findall(r"words\.text\(\"([\w.-]+)\"", script.read_text(encoding="utf-8")):
            assert key in catalogue("zh"), f"{script.name}: {key}"
            assert key.startswith(SCRIPT_WORDS), f"{script.name}: {key} is not sent to the browser"


def test_every_layer_and_list_has_a_name() -> None:
    for lang in LANGUAGES:
        for layer in ALL:
            assert f"collection.{layer.collection}" in catalogue(lang)
            for entry in layer.legend:
                assert entry.code_list or entry.word in catalogue(lang)
        for kind in KINDS:
            assert f"collection.{kind.label}" in catalogue(lang)


@pytest.mark.parametrize("slug", sorted(SLUGS))
def test_every_problem_has_its_page_words(slug: str) -> None:
    for part in ("title", "what", "now"):
        assert f"problem.{slug}.{part}" in catalogue("zh")
