"""The map, composed by Folium on Leaflet: three strings (head, body, script) that our own page takes in.

Every link Folium and its parts bring is replaced by a file of ours, or the page is not made: nothing is loaded from
another address. Data reaches the browser only as JSON through `tojson`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import folium
from branca.element import CssLink, Figure, JavascriptLink, MacroElement
from folium.template import Template
from markupsafe import Markup

from map_frontend.layers import MapLayer

STATIC_URL = "/static"
VENDOR_URL = f"{STATIC_URL}/vendor"

DROPPED = frozenset(
    {
        "jquery",
        "bootstrap",
        "bootstrap_css",
        "awesome_markers",
        "awesome_markers_css",
        "awesome_markers_font_css",
        "awesome_rotate_css",
        "glyphicons_css",
    }
)
"""Libraries Folium brings that no part of our page uses."""

MIN_ZOOM = 5
MAX_ZOOM = 18


class UnknownAsset(RuntimeError):
    """Folium asked for a library that is not among the built files."""


class VectorTiles(MacroElement):
    """One collection as vector tiles: hands its description to the page's module, which builds the layer."""

    _template = Template(
        """{% macro script(this, kwargs) %}
        (globalThis.onemap = globalThis.onemap || {layers: []}).layers.push({{ this.spec|tojson }});
        {% endmacro %}"""
    )

    def __init__(self, layer: MapLayer) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "VectorTiles"
        self.spec = layer.spec()


class Bridge(MacroElement):
    """The last child of the map: tells the page's module that the map stands."""

    _template = Template(
        """{% macro script(this, kwargs) %}
        Object.assign(globalThis.onemap = globalThis.onemap || {layers: []}, {map: {{ this._parent.get_name() }}, config: {{ this.config|tojson }}});
        document.dispatchEvent(new CustomEvent("onemap:ready", {detail: globalThis.onemap}));
        {% endmacro %}"""
    )

    def __init__(self, config: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Bridge"
        self.config = dict(config)


@dataclass(frozen=True, slots=True)
class MapParts:
    """What the template takes in: for its `<head>`, for the map region, for the nonced script at the end."""

    head: Markup
    body: Markup
    script: Markup


def localise(figure: Figure, vendor: Mapping[str, str], dropped: frozenset[str] = DROPPED) -> None:
    """Point every link of a rendered figure at a file of ours (`vendor`: Folium's key -> address).

    Raises UnknownAsset for a link that is neither known nor dropped: the page fails rather than load it from elsewhere.
    """
    for key, element in list(figure.header._children.items()):
        if not isinstance(element, (JavascriptLink, CssLink)):
            continue
        if key in dropped:
            del figure.header._children[key]
        elif key in vendor:
            element.url = vendor[key]
        else:
            raise UnknownAsset(f"no local file for {key}: {element.url}")


def with_nonce(markup: str, nonce: str) -> str:
    """Folium knows no nonce: give one to every script and style element."""
    return re.sub(r"<(script|style)\b", rf'<\1 nonce="{nonce}"', markup)


def compose(
    layers: tuple[MapLayer, ...],
    config: Mapping[str, Any],
    *,
    centre: tuple[float, float],
    vendor: Mapping[str, str],
    nonce: str,
) -> MapParts:
    """The map with its layers; `centre` is (latitude, longitude) in degrees, EPSG:4490."""
    leaflet = folium.Map(
        location=centre,
        zoom_start=10,
        tiles=None,
        # camelCase goes through to Leaflet; Folium's own min_zoom only reaches its tile layer.
        minZoom=MIN_ZOOM,
        maxZoom=MAX_ZOOM,
        zoomSnap=0.5,
        zoom_control=False,
        attributionControl=False,
    )
    leaflet._id = "one"
    for layer in layers:
        VectorTiles(layer).add_to(leaflet)
    Bridge(config).add_to(leaflet)
    figure = cast(Figure, leaflet.get_root())
    figure.render()
    localise(figure, vendor)
    head = "\n".join(
        element.render()
        for key, element in figure.header._children.items()
        if isinstance(element, (JavascriptLink, CssLink))
    )
    return MapParts(
        head=Markup(with_nonce(head, nonce)),
        body=Markup(figure.html.render()),
        script=Markup(figure.script.render()),
    )
