"""Pictures through the door: what is taken, what the public gets of it, who may, and that nothing is lost."""

from __future__ import annotations

import io
from typing import Any

import httpx
import psycopg
import pytest
from PIL import Image

from tests.pictures.making import LAT_DEG, LON_DEG, drawn, encoded, jpeg_parts, photo, webp_parts
from tests.plugins.service import World

pytestmark = pytest.mark.anyio
Bearer = dict[str, dict[str, str]]
SAID = {"author": "示例·作者", "licence": "CC-BY-4.0", "audience": "public", "caption": "厂房南面"}


async def send(
    service: httpx.AsyncClient, who: dict[str, str], data: bytes, code: str = "PUB", name: str = "a.jpg", **said: str
) -> httpx.Response:  # fmt: skip
    return await service.post(
        f"/v1/parcels/{code}/pictures", files=[("file", (name, data, "image/jpeg"))], data=said, headers=who
    )


async def sent(service: httpx.AsyncClient, who: dict[str, str], data: bytes, **said: str) -> dict[str, Any]:
    answer = await send(service, who, data, **(SAID | said))
    assert answer.status_code == 201, answer.text
    return answer.json()["files"][0]["picture"]


async def listed(service: httpx.AsyncClient, who: dict[str, str] | None = None, code: str = "PUB") -> list[Any]:
    return (await service.get(f"/v1/parcels/{code}/pictures", headers=who or {})).json()["pictures"]


async def test_the_public_gets_pixels_and_words_and_nothing_of_the_camera(
    service: httpx.AsyncClient, bearer: Bearer
) -> None:
    data = photo(seed=1)
    assert any(b"secret-xmp-position" in content for _, content in jpeg_parts(data))
    assert any(content.startswith(b"Exif") for _, content in jpeg_parts(data))
    mine = await sent(service, bearer["clerk"], data)
    assert (mine["lon_deg"], mine["lat_deg"]) == pytest.approx((LON_DEG, LAT_DEG))
    assert mine["taken_on"] == "2025-03-04"
    (theirs,) = [p for p in await listed(service) if p["code"] == mine["code"]]
    assert theirs["author"] == "示例·作者"
    assert not {"lon_deg", "lat_deg", "created_by", "audience", "original"} & set(theirs)
    for size in theirs["sizes"].values():
        got = await service.get(size["href"])
        assert got.headers["content-type"] == "image/webp"
        assert webp_parts(got.content) == [b"VP8 "]
        for secret in (b"Exif", b"GPS", b"secret", b"Zhang", b"xmp"):
            assert secret not in got.content
    original = f"/pictures/{mine['code']}/original"
    assert (await service.get(original)).status_code == 404
    back = await service.get(original, headers=bearer["bureau"])
    assert back.content == data
    assert back.headers["content-type"] == "application/octet-stream"
    assert back.headers["content-disposition"].startswith("attachment")


async def test_a_picture_that_lies_on_its_side_stands_up(service: httpx.AsyncClient, bearer: Bearer) -> None:
    mine = await sent(service, bearer["clerk"], photo(seed=2, orientation=6))
    assert (mine["width_px"], mine["height_px"]) == (300, 400)
    got = Image.open(io.BytesIO((await service.get(mine["sizes"]["screen"]["href"])).content))
    assert got.size == (300, 400)
    top, bottom = got.getpixel((150, 100)), got.getpixel((150, 350))
    assert top[0] > top[2]  # what was left is on top now
    assert bottom[2] > bottom[0]


async def test_an_address_never_changes_what_it_shows(service: httpx.AsyncClient, bearer: Bearer) -> None:
    mine = await sent(service, bearer["clerk"], photo(seed=3))
    href = mine["sizes"]["thumb"]["href"]
    first = await service.get(href)
    assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert (await service.head(href)).headers["etag"] == first.headers["etag"]
    again = await service.get(href, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert "immutable" not in (await service.get(href.partition("&v=")[0])).headers["cache-control"]
    assert "private" in (await service.get(href, headers=bearer["clerk"])).headers["cache-control"]


async def test_hidden_and_absent_are_the_same(service: httpx.AsyncClient, bearer: Bearer) -> None:
    inside = (await send(service, bearer["clerk"], photo(seed=4), "INT", **SAID)).json()["files"][0]["picture"]
    staffs = await sent(service, bearer["clerk"], photo(seed=5), audience="staff")
    for picture in (inside, staffs):
        for href in (picture["sizes"]["thumb"]["href"], f"/pictures/{'0' * 32}/thumb.webp"):
            answer = await service.get(href)
            assert answer.status_code == 404
            assert {k: v for k, v in answer.json().items() if k != "request_id"} == {
                k: v for k, v in (await service.get("/pictures/nothing/thumb.webp")).json().items() if k != "request_id"
            }
        assert (await service.get(picture["sizes"]["thumb"]["href"], headers=bearer["clerk"])).status_code == 200
    assert (await service.get("/v1/parcels/INT/pictures")).status_code == 404
    assert staffs["code"] not in [p["code"] for p in await listed(service)]
    shown = (await service.get("/v1/pictures/covers?collection=parcels&codes=PUB,INT,TWO,NONE")).json()
    assert set(shown) == {"PUB"}


async def test_rights_are_the_databases(service: httpx.AsyncClient, bearer: Bearer, world: World) -> None:
    data = photo(seed=6)
    assert (await send(service, {}, data, "TWO")).status_code == 401
    for account, status in (("clerk", 403), ("leader", 403), ("bureau", 201)):
        assert (await send(service, bearer[account], data, "TWO")).status_code == status, account
    (theirs,) = await listed(service, bearer["clerk"], "TWO")
    said = await service.patch(
        f"/v1/pictures/{theirs['code']}", json={"caption": "x"}, headers=bearer["clerk"] | {"If-Match": theirs["etag"]}
    )
    assert said.status_code == 403
    with psycopg.connect(world.owner_url) as c:
        c.execute("set role yzt_staff")
        c.execute("select set_config('yzt.units', 'U1', true), set_config('yzt.account', 'clerk', true)")
        assert c.execute("update register.picture set caption = 'x' where code = %s", [theirs["code"]]).rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            c.execute("select geom from register.picture")


async def test_the_file_of_a_picture_cannot_be_changed(
    service: httpx.AsyncClient, bearer: Bearer, world: World
) -> None:
    await sent(service, bearer["clerk"], photo(seed=7))
    with psycopg.connect(world.owner_url) as c:
        for statement in (
            "update register.stored_file_chunk set content = 'x'",
            "delete from register.stored_file_chunk",
            "update register.stored_file set audience = 'public'",
        ):
            with pytest.raises(psycopg.Error, match="does not change"), c.transaction():
                c.execute(f"{statement} where true")


async def test_the_same_bytes_again_are_answered_calmly(service: httpx.AsyncClient, bearer: Bearer) -> None:
    data = photo(seed=8)
    first = await sent(service, bearer["clerk"], data)
    again = await send(service, bearer["clerk"], data, **SAID)
    assert again.status_code == 200
    assert again.json()["files"][0]["is_duplicate"] is True
    assert again.json()["files"][0]["picture"]["code"] == first["code"]


async def test_words_order_and_audience_with_the_version_seen(service: httpx.AsyncClient, bearer: Bearer) -> None:
    clerk = bearer["clerk"]
    mine = await sent(service, clerk, photo(seed=9))
    at = f"/v1/pictures/{mine['code']}"
    assert (await service.patch(at, json={"caption": "新"}, headers=clerk)).status_code == 428
    changed = await service.patch(
        at, json={"caption": "新", "caption_en": "New", "position": 1}, headers=clerk | {"If-Match": mine["etag"]}
    )
    assert changed.status_code == 200
    assert changed.json()["caption_en"] == "New"
    assert (await listed(service))[0]["code"] == mine["code"]
    stale = await service.patch(at, json={"caption": "旧"}, headers=clerk | {"If-Match": mine["etag"]})
    assert stale.status_code == 412
    assert stale.json()["current_etag"] == changed.json()["etag"]
    now = {"If-Match": changed.json()["etag"]}
    for body, field in (
        ({"author": ""}, "audience"),
        ({"taken_on": "2999-01-01"}, "taken_on"),
        ({"taken_on": "gestern"}, "taken_on"),
        ({"kind": "panorama"}, "kind"),
        ({"audience": "everyone"}, "audience"),
        ({"caption": "x" * 301}, "caption"),
        ({"caption": "a\u202eb"}, "caption"),
        ({"position": 0}, "position"),
        ({"geom": "POINT(0 0)"}, "geom"),
    ):
        refused = await service.patch(at, json=body, headers=clerk | now)
        assert refused.status_code == 400, (body, refused.text)
        assert refused.json()["errors"][0]["parameter"] == field


async def test_what_is_taken_away_can_be_put_back(service: httpx.AsyncClient, bearer: Bearer, world: World) -> None:
    clerk = bearer["clerk"]
    mine = await sent(service, clerk, photo(seed=10))
    at, href = f"/v1/pictures/{mine['code']}", mine["sizes"]["thumb"]["href"]
    gone = await service.delete(at, headers=clerk | {"If-Match": mine["etag"]})
    assert gone.json()["is_withdrawn"] is True
    assert (await service.get(href)).status_code == 404
    back = await service.post(f"{at}/restore", json={}, headers=clerk | {"If-Match": gone.json()["etag"]})
    assert back.json()["is_withdrawn"] is False
    assert (await service.get(href)).status_code == 200
    with psycopg.connect(world.owner_url) as c:
        trail = c.execute(
            "select action, account from register.audit_entry where object_kind = 'picture' and object_id = %s order by id",
            [mine["code"]],
        ).fetchall()
        versions = c.execute("select count(*) from register.picture_version where code = %s", [mine["code"]]).fetchone()
    assert trail == [("insert", "clerk"), ("update", "clerk"), ("update", "clerk")]
    assert versions == (3,)


async def test_a_replacement_takes_over_words_and_place_and_can_be_undone(
    service: httpx.AsyncClient, bearer: Bearer
) -> None:
    clerk = bearer["clerk"]
    old = await sent(service, clerk, photo(seed=11))
    before = [p["code"] for p in await listed(service)]
    answer = await service.post(
        f"/v1/pictures/{old['code']}/replacement",
        files=[("file", ("b.png", encoded(drawn(seed=12), "PNG"), "image/png"))],
        headers=clerk | {"If-Match": old["etag"]},
    )
    assert answer.status_code == 201, answer.text
    new = answer.json()
    assert (new["caption"], new["licence"]) == (old["caption"], old["licence"])
    assert [p["code"] for p in await listed(service)] == [new["code"] if c == old["code"] else c for c in before]
    (was,) = [p for p in await listed(service, clerk) if p["code"] == old["code"]]
    back = await service.post(f"/v1/pictures/{old['code']}/restore", json={}, headers=clerk | {"If-Match": was["etag"]})
    assert back.status_code == 200
    assert [p["code"] for p in await listed(service)] == before


async def test_twice_as_wide_as_high_is_offered_as_panorama(service: httpx.AsyncClient, bearer: Bearer) -> None:
    mine = await sent(service, bearer["clerk"], encoded(drawn(2048, 1024, 13)))
    assert mine["kind"] == "panorama"
    assert set(mine["sizes"]) == {"thumb", "screen", "panorama"}
    cover = (await service.get("/v1/pictures/covers?collection=parcels&codes=PUB")).json()["PUB"]
    assert cover["has_panorama"] is True
    assert cover["pictures"] == len(await listed(service))
    assert (await sent(service, bearer["clerk"], encoded(drawn(2048, 1200, 14))))["kind"] == "photo"


async def test_a_plain_form_is_answered_with_a_page(service: httpx.AsyncClient, bearer: Bearer) -> None:
    answer = await send(service, bearer["clerk"] | {"Accept": "text/html"}, photo(seed=15), **SAID)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/parcels/PUB?county=330225#pictures"
    elsewhere = await send(
        service, bearer["clerk"] | {"Accept": "text/html"}, photo(seed=16), next="//evil.example/", **SAID
    )
    assert "evil" not in elsewhere.headers["location"]


async def test_a_camera_place_becomes_the_town_in_words(
    service: httpx.AsyncClient, bearer: Bearer, world: World
) -> None:
    with psycopg.connect(world.owner_url, autocommit=True) as c:
        c.execute(
            "insert into register.admin_area (county_code, code, name, geom, level, kind, publication_state) values "
            "('330225', 'T1', '西周镇', st_multi(st_makeenvelope(121.8, 29.4, 121.9, 29.5, 4490)), 'town', 'town', 'published')"
        )
    mine = await sent(service, bearer["clerk"], photo(seed=17))
    assert mine["place"] == "西周镇"
