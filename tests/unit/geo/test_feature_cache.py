"""Features said before are kept within bounds and by version."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from geo.registry.feature_cache import OVERHEAD_BYTES, PAGES_PART, FeatureCache

TEXTS = st.binary(max_size=400)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 3), TEXTS), max_size=60), st.integers(0, 5_000))
def test_it_never_holds_more_than_it_may_and_never_another_version(
    puts: list[tuple[int, int, bytes]], bytes_max: int
) -> None:
    cache = FeatureCache(bytes_max)
    last: dict[tuple[int, int], bytes] = {}
    for row_id, version, text in puts:
        cache.put("parcels", {f"{row_id}.{version}": text})
        last[row_id, version] = text
        assert 0 <= cache.bytes_used <= bytes_max
    for (row_id, version), text in last.items():
        assert cache.get("parcels", [f"{row_id}.{version}"]) in ([None], [text])
        assert cache.get("buildings", [f"{row_id}.{version}"]) == [None]


def test_the_longest_unused_goes_first() -> None:
    cache = FeatureCache(PAGES_PART * 2 * (OVERHEAD_BYTES + 1))
    cache.put("parcels", {"1.1": b"a"})
    cache.put("parcels", {"2.1": b"b"})
    assert cache.get("parcels", ["1.1"]) == [b"a"]
    cache.put("parcels", {"3.1": b"c"})
    assert cache.get("parcels", ["1.1", "2.1", "3.1"]) == [b"a", None, b"c"]
