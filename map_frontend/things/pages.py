"""A page per thing, and the same told short as a fragment for the map's drawer."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from api.deps import Reader, ReaderDep, Transaction
from geo.pictures.queries import covers
from geo.registry.collections import COLLECTIONS
from geo.registry.queries import Item, facts_of, item
from geo.registry.successors import SUCCEEDED, successors_of
from map_frontend import reading
from map_frontend.cases.beside_leads import said_of_leads
from map_frontend.drawing.inks import PAGE
from map_frontend.drawing.on_page import picture_on_page
from map_frontend.drawing.plot import draw_plot
from map_frontend.drawing.plot_telling import figures_of_plot, tell_plot
from map_frontend.pictures import gallery_of
from map_frontend.site import Page, page_for
from map_frontend.things.findings import findings_on
from map_frontend.things.kinds import PAGES, WORKS
from map_frontend.things.status_form import may_write, status_form, tells
from map_frontend.things.thing import thing_of
from map_frontend.things.work import ON_MAP, work_card
from map_frontend.things.writing import fact_value
from map_frontend.words import Words

router = APIRouter(include_in_schema=False)
TOLD_IN_DRAWER = 4
"""So many policies, firms, buildings are named in the drawer; the page has all."""
LEADS_IN_DRAWER = 2
"""So many leads that hold are told in the drawer, the most serious first."""


async def _page(request: Request, reader: Reader, connection: Transaction, title: str = "") -> Page:
    return page_for(request, reader, await reading.codes_of(connection, reader), room="map", title=title)


def _back(request: Request, page: Page, key: str) -> str:
    """The map in the state the reader left it, as the browser says where it came from; else the map at the thing. Works, which are not
    shown at first, are."""
    came = urlsplit(request.headers.get("referer", ""))
    is_work = key.startswith(f"{WORKS}:")
    if came.netloc != request.url.netloc or came.path != "/":
        return page.link("/", id=key, **({"l": ON_MAP} if is_work else {}))
    state = dict(parse_qsl(came.query)) | {"id": key}
    if is_work:
        state["l"] = ",".join(dict.fromkeys([*state.get("l", ON_MAP).split(","), WORKS]))
    if "lang" in request.query_params:
        state["lang"] = page.lang
    return f"/?{urlencode(state, safe=':,/')}"


async def thing_page(
    collection_id: str, code: str, request: Request, reader: Reader, connection: Transaction
) -> Response:
    """The page of one thing; NotFound is the same for hidden and for absent."""
    found = await item(connection, reader.actor, collection_id, reader.county.code, code)
    name = Words(reader.lang, {}, reader.county.time_zone).name(found.properties)
    page = await _page(request, reader, connection, name)
    thing = await thing_of(connection, reader, page, collection_id, found)
    facts = await facts_of(connection, reader.actor, thing.collection.subject_kind, found.id)
    number = request.app.state.map.review_number
    leads = await findings_on(connection, reader, collection_id, found.id)
    said = await said_of_leads(connection, reader, collection_id, found.id, leads)
    measured = (
        await tell_plot(connection, reader, page.words, found)
        if collection_id == "parcels" and reader.is_staff
        else None
    )
    return page.answer(
        "things/page.html",
        t=thing,
        most=None,
        summary=" · ".join(part for part in (thing.kind_word, thing.town, *(r.text for r in thing.figures)) if part),
        facts=[(fact, fact_value(page.words, fact)) for fact in facts],
        findings=leads,
        said=said,
        measured=measured,
        measured_svg=Markup(draw_plot(measured.scene, PAGE, has_figures=False))
        if measured and measured.scene
        else None,
        picture=await picture_on_page(connection, reader, page.words, thing.collection, found, number),
        gallery=await gallery_of(
            page,
            reader,
            connection,
            collection_id,
            thing.collection.subject_kind,
            found,
            may_write=may_write(reader, found) and collection_id != WORKS,
        ),
        work=await work_card(connection, reader, page, found) if collection_id == WORKS else None,
        form=status_form(page, reader, found) if collection_id == "parcels" else None,
        tells=tells(page, reader, collection_id, found),
        may_be_succeeded=collection_id in SUCCEEDED,
        successors=await successors_of(connection, reader.actor, collection_id, reader.county.code, found.code)
        if reader.is_staff
        else [],
        saved="saved" in request.query_params,
        on_map=_back(request, page, f"{collection_id}:{code}"),
        review=page.words("map.review", number=number) if number else page.words("map.demo"),
    )


@router.get("/map/things/{collection_id}/{code}")
async def drawer(
    collection_id: str, code: str, request: Request, reader: ReaderDep, connection: Transaction
) -> Response:
    """One thing told short, as HTML without a frame; what is said of a parcel (a lead, spare land) is told as the parcel, a work
    of a park on a card of its own. Raises NotFound."""
    found: Item = await item(connection, reader.actor, collection_id, reader.county.code, code)
    if collection_id == WORKS:
        page = await _page(request, reader, connection)
        return page.answer("things/work.html", w=await work_card(connection, reader, page, found))
    told_as = COLLECTIONS[collection_id].told_as
    if told_as is not None:
        collection_id, code = told_as[0], found.properties[told_as[1]]
        found = await item(connection, reader.actor, collection_id, reader.county.code, code)
    page = await _page(request, reader, connection)
    thing = await thing_of(connection, reader, page, collection_id, found)
    hung = await covers(
        connection, reader.actor, reader.county.code, collection_id, thing.collection.subject_kind, [code]
    )
    is_parcel = collection_id == "parcels" and reader.is_staff
    leads = [lead for lead in await findings_on(connection, reader, collection_id, found.id) if lead.is_serious]
    return page.answer(
        "things/drawer.html", t=thing, most=TOLD_IN_DRAWER, has_pictures=code in hung, leads=leads[:LEADS_IN_DRAWER],
        more_leads=max(0, len(leads) - LEADS_IN_DRAWER),
        left_over=await figures_of_plot(connection, reader, page.words, found) if is_parcel else (),
    )  # fmt: skip


def _add(collection_id: str) -> None:
    async def one(code: str, request: Request, reader: ReaderDep, connection: Transaction) -> Response:
        return await thing_page(collection_id, code, request, reader, connection)

    router.add_api_route(f"/{collection_id}/{{code}}", one, methods=["GET"], name=f"page of {collection_id}")


for _collection_id in PAGES:
    _add(_collection_id)
