"""What the tests have QGIS do, run by QGIS's own Python: `qgis_tasks.py TASK '{"argument": ...}'`, the answer after a line `===`."""

from __future__ import annotations

import json
import sys
from typing import Any

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsCoordinateReferenceSystem,
    QgsFeatureRequest,
    QgsMapRendererSequentialJob,
    QgsMapSettings,
    QgsRectangle,
    QgsVectorLayer,
    QgsVectorTileLayer,
)
from qgis.PyQt.QtCore import QSize, Qt, QVariant
from qgis.PyQt.QtGui import QColor

BACKGROUND = QColor(255, 255, 255)


def _plain(value: Any) -> Any:
    """A value of an attribute table as JSON can hold it."""
    if isinstance(value, QVariant):
        return None if value.isNull() else value.value()
    return value if isinstance(value, str | int | float | bool | list | None) else value.toString(Qt.ISODateWithMs)


def features(uri: str, box: list[float] | None = None, subset: str = "") -> dict[str, Any]:
    """Open a layer of OGC API Features; answers its attribute table, with geometry as GeoJSON.

    box is west, south, east, north; subset what a user writes into the layer's filter.
    """
    layer = QgsVectorLayer(uri, "layer", "OAPIF")
    is_taken = not subset or layer.setSubsetString(subset)
    request = QgsFeatureRequest() if box is None else QgsFeatureRequest(QgsRectangle(*box))
    names = layer.fields().names()
    table = []
    for feature in layer.getFeatures(request):
        shape = feature.geometry()
        table.append(
            {
                **dict(zip(names, map(_plain, feature.attributes()), strict=True)),
                "geometry": None if shape.isNull() else json.loads(shape.asJson(7)),
            }
        )
    return {
        "valid": layer.isValid(), "taken": is_taken, "error": layer.error().message(), "count": layer.featureCount(), "crs": layer.crs().authid(),
        "table": table,
    }  # fmt: skip


def tile_picture(uri: str, box: list[float], picture: str) -> dict[str, Any]:
    """Draw a layer of vector tiles into a PNG; box in EPSG:3857; answers how many pixels are drawn on."""
    layer = QgsVectorTileLayer(uri, "tiles")
    settings = QgsMapSettings()
    settings.setLayers([layer])
    settings.setDestinationCrs(QgsCoordinateReferenceSystem("EPSG:3857"))
    settings.setExtent(QgsRectangle(*box))
    settings.setOutputSize(QSize(400, 400))
    settings.setBackgroundColor(BACKGROUND)
    job = QgsMapRendererSequentialJob(settings)
    job.start()
    job.waitForFinished()
    image = job.renderedImage()
    image.save(picture)
    drawn = sum(image.pixelColor(x, y) != BACKGROUND for x in range(400) for y in range(400))
    return {"valid": layer.isValid(), "errors": [e.message for e in job.errors()], "drawn": drawn}


def main() -> int:
    """Run one task in an application without windows."""
    application = QgsApplication([], False)
    application.initQgis()
    task = {"features": features, "tile_picture": tile_picture}[sys.argv[1]]
    answer = task(**json.loads(sys.argv[2]))
    print(f"\n===\n{json.dumps({'version': Qgis.QGIS_VERSION, **answer}, ensure_ascii=False)}", flush=True)
    application.exitQgis()
    return 0


if __name__ == "__main__":
    sys.exit(main())
