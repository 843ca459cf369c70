"""Files made to harm: no request leaves, nothing outside is read, nothing swells; one clear refusal in bounded time."""

from __future__ import annotations

import random
import resource
import sys
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine

from geo.errors import BadInput, GeoError
from geo.exchange.kinds import KINDS
from geo.exchange.reading import read
from geo.exchange.unpacking import readable_file
from tests.exchange.test_formats import KML, WRITERS, polygon_gml, polygon_kml, write_gml, write_kml, write_mif
from tests.exchange.test_import import engine, run, square

__all__ = ["engine"]
SECONDS_MAX = 60
"""On a busy machine; each of these takes one to five."""


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """A web server on this machine, and every request that reaches it."""
    heard: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_HEAD = do_GET  # noqa: N815 - named by the protocol
        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    thread.join()
    server.server_close()


def doctype(address: str) -> str:
    return f'<!DOCTYPE kml SYSTEM "{address}/dtd" [<!ENTITY x SYSTEM "{address}/entity"><!ENTITY % p SYSTEM "{address}/parameter"> %p;]>'


def kml_with_links(folder: Path, address: str) -> Path:
    body = (
        f"<NetworkLink><Link><href>{address}/link.kml</href></Link></NetworkLink><Style><IconStyle><Icon><href>{address}/icon.png</href></Icon></IconStyle></Style>"
        f"<GroundOverlay><Icon><href>{address}/overlay.png</href></Icon></GroundOverlay><Placemark><styleUrl>{address}/style.kml#s</styleUrl>"
        f"<ExtendedData><SchemaData schemaUrl='{address}/schema'/></ExtendedData>{polygon_kml(square(121.7))}</Placemark>"
    )
    path = folder / "links.kml"
    path.write_text(KML.format(encoding="UTF-8", body=body))
    return path


def gml_with_links(folder: Path, address: str) -> Path:
    path = write_gml(folder, square(121.7))
    schema = f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xlink="http://www.w3.org/1999/xlink" xsi:schemaLocation="urn:plots {address}/s.xsd urn:b /vsicurl/{address}/v.xsd"'
    text = path.read_text().replace("<f:Plots ", f"<f:Plots {schema} ")
    path.write_text(text.replace("<f:name>", f'<f:other xlink:href="{address}/other.gml#x"/><f:name>'))
    (folder / "a.xsd").write_text(
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:include schemaLocation="{address}/include.xsd"/></xs:schema>'
    )
    return path


@pytest.mark.parametrize("make", [kml_with_links, gml_with_links])
def test_what_a_file_points_at_is_never_fetched(
    engine: Engine, tmp_path: Path, listener: tuple[str, list[str]], make: Callable[[Path, str], Path]
) -> None:
    address, heard = listener
    before = set(tmp_path.iterdir())
    path = make(tmp_path, address)
    made = set(tmp_path.iterdir())
    assert run(engine, path, dry_run=True).count("inserted") == 1
    assert heard == []
    assert set(tmp_path.iterdir()) == made >= before, "nothing is written beside the file"


@pytest.mark.parametrize("write", [write_kml, write_gml])
def test_a_doctype_is_refused_before_anything_it_names_is_touched(
    engine: Engine, tmp_path: Path, listener: tuple[str, list[str]], write: Callable[..., Path]
) -> None:
    address, heard = listener
    for place in (address, f"file://{tmp_path}/secret"):
        path = write(tmp_path, square(121.7))
        head, _, body = path.read_bytes().partition(b"?>")
        path.write_bytes(head + b"?>" + doctype(place).encode() + body.replace("示例地块".encode("gbk"), b"&x;"))
        with pytest.raises(BadInput, match="has a DOCTYPE"):
            run(engine, path)
    assert heard == []


def laughs() -> str:
    entities = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10}">' for i in range(1, 10))
    return f'<!DOCTYPE kml [<!ENTITY e0 "ha">{entities}]><kml><Placemark><name>&e9;</name></Placemark></kml>'


def quadratic() -> str:
    return f'<!DOCTYPE kml [<!ENTITY a "{"a" * 100_000}">]><kml><Placemark><name>{"&a;" * 100_000}</name></Placemark></kml>'


XML = {
    "billion laughs": (laughs, "has a DOCTYPE"),
    "quadratic blowup": (quadratic, "has a DOCTYPE"),
    "a million folders": (lambda: "<kml>" + "<Folder>" * 1_000_000 + "</Folder>" * 1_000_000 + "</kml>", "nested more than 200 deep"),
    "a million names": (lambda: "<kml>" + "".join(f"<n{i}/>" for i in range(1_000_000)) + "</kml>", "more than 2000 kinds of elements"),
    "a million columns": (lambda: "<kml><Placemark><ExtendedData>" + "".join(f"<Data name='c{i}'><value>1</value></Data>" for i in range(1_000_000)) + "</ExtendedData></Placemark></kml>", "kinds of attributes"),
    "one endless tag": (lambda: "<kml><a b='" + "x" * 60_000_000, "far too long"),
    "one endless comment": (lambda: "<kml><!--" + "x" * 60_000_000, "far too long"),
    "another encoding": (lambda: '<?xml version="1.0" encoding="unicode_escape"?><kml/>', "encoding unicode_escape of the XML is not known"),
    "an unknown entity": (lambda: "<kml>&nbsp;</kml>", "line 1, undefined entity"),
    "no KML at all": (lambda: "<html/>", "the content is not KML"),
    "cut short": (lambda: "<kml><Document>", "line 1, no element found"),
}  # fmt: skip


@pytest.mark.parametrize("trouble", XML)
def test_xml_made_to_harm_is_one_clear_refusal_in_bounded_time(engine: Engine, tmp_path: Path, trouble: str) -> None:
    make, said = XML[trouble]
    path = tmp_path / "harm.kml"
    path.write_text(make())
    begun, children = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with pytest.raises(BadInput, match=said):
        run(engine, path)
    assert time.monotonic() - begun < SECONDS_MAX
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss <= max(children, 1_500_000), "kilobytes"


def test_gml_with_huge_numbers_and_no_end_of_points_is_bounded(engine: Engine, tmp_path: Path) -> None:
    huge = polygon_gml(square(121.7), 4529).replace("41", "9" * 400, 1)
    many = (
        '<gml:LineString srsName="urn:ogc:def:crs:EPSG::4490"><gml:posList>'
        + "1 " * 4_000_000
        + "</gml:posList></gml:LineString>"
    )
    nested = "<gml:MultiGeometry><gml:geometryMember>" * 90 + "</gml:geometryMember></gml:MultiGeometry>" * 90
    for geometry, outcome in (
        (huge, "rejected"),
        (many, "rejected"),
        (nested, "only 0 of the 1 'Plot'"),
    ):
        path = write_gml(tmp_path, square(121.7))
        text = path.read_text()
        begin, end = text.index("<gml:Polygon"), text.index("</f:geometry>")
        path.write_text(text[:begin] + geometry + text[end:])
        begun = time.monotonic()
        try:
            said = [row.action for row in run(engine, path, dry_run=True).rows]
        except GeoError as refusal:
            said = [refusal.message.en]
        assert [one[: len(outcome)] for one in said] == [outcome]
        assert time.monotonic() - begun < SECONDS_MAX


def seamless(folder: Path) -> Path:
    return tab(
        folder,
        b'!table\nDefinition Table\n  Type NATIVE Charset "Neutral"\nbegin_metadata\n"\\IsSeamless" = "TRUE"\nend_metadata\n',
    )


def view(folder: Path) -> Path:
    return tab(folder, b'!table\nOpen Table "../../../etc/passwd" Hide\nCreate View a As\nSelect * From b\n')


def raster(folder: Path) -> Path:
    return tab(folder, b'!table\nDefinition Table\n  File "../../secret.tif"\n  Type "RASTER"\n')


def tab(folder: Path, content: bytes) -> Path:
    path = folder / "t.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("t.tab", content)
        archive.writestr("t.dat", b"\x03" + b"\0" * 63)
    return path


def parquet_bomb(folder: Path) -> Path:
    """Five kilobytes that say one long text twenty thousand times."""
    path = folder / "bomb.parquet"
    codes = pa.DictionaryArray.from_arrays(pa.array([0] * 20_000, pa.int8()), pa.array(["x" * 100_000]))
    pq.write_table(pa.table({"code": codes}), path)
    return path


def parquet_of_many_rows(folder: Path) -> Path:
    path = folder / "rows.parquet"
    pq.write_table(pa.table({"code": pa.nulls(6_000_000, pa.int8())}), path)
    return path


def kmz_bomb(folder: Path) -> Path:
    path = folder / "bomb.kmz"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("doc.kml", b"<kml>" + b" " * 100_000_000)
    return path


def kmz_with_a_trick(folder: Path) -> Path:
    path = folder / "trick.kmz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("doc.kml", "<kml/>")
        archive.writestr("../../../evil.kml", "<kml/>")
    return path


def two_geodatabases(folder: Path) -> Path:
    path = folder / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a.gdb", "b.gdb"):
            archive.writestr(f"{name}/a00000001.gdbtable", b"\3\0\0\0")
    return path


def empty_geodatabase(folder: Path) -> Path:
    path = folder / "empty.gdb.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.gdb/a00000001.gdbtable", b"\xff" * 400)
        archive.writestr("a.gdb/a00000001.gdbtablx", b"\xff" * 400)
    return path


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (seamless, "points at other files"), (view, "points at other files"), (raster, "registers a picture"), (parquet_bomb, "unpacks to far too much: 20000 rows"),
        (parquet_of_many_rows, "unpacks to far too much"), (kmz_bomb, "zip bomb"), (kmz_with_a_trick, "leads outside"),
        (two_geodatabases, "several data sets in the zip"), (empty_geodatabase, "is damaged: Version 4294967295"),
    ],
)  # fmt: skip
def test_other_traps_are_refused_with_their_reason(engine: Engine, tmp_path: Path, make: Callable[[Path], Path], said: str) -> None:  # fmt: skip
    with pytest.raises(GeoError, match=said):
        run(engine, make(tmp_path))


@pytest.mark.parametrize("code", WRITERS)
def test_a_damaged_file_is_refused_or_read_never_a_crash(tmp_path: Path, code: str) -> None:
    """Cut anywhere, or with bytes changed: a GeoError, or what could be read. `make test` tries a few of each kind."""
    whole = WRITERS[code](tmp_path, square(121.72)).read_bytes()
    name = WRITERS[code](tmp_path, square(121.72)).name
    chance = random.Random(code)
    for attempt in range(3):
        damaged = bytearray(whole[: chance.randrange(1, len(whole))] if attempt == 0 else whole)
        for _ in range(attempt * 4):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        (tmp_path / name).write_bytes(bytes(damaged))
        out = tmp_path / f"out{attempt}"
        out.mkdir()
        with suppress(GeoError):
            read(readable_file(tmp_path / name, out))


def test_a_reader_that_breaks_down_is_a_refusal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = readable_file(write_mif(tmp_path, square(121.72)), tmp_path)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(BadInput, match="the reader broke down over this file"):
        read(chosen)


def test_every_kind_is_either_read_here_or_by_its_one_driver() -> None:
    assert {kind.driver for kind in KINDS.values() if not kind.is_apart} == {None}
