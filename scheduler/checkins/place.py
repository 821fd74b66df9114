"""Where someone was: metres from home on the WGS 84 ellipsoid, and whether inside the region."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec
from math import cos, hypot, isfinite, radians, sin, sqrt
from typing import Any, NamedTuple

from scheduler.errors import Fault, InputError, UsageError
from scheduler.extras import how_to_install
from scheduler.language import Bilingual

EQUATOR = 6_378_137.0
"""Metres, semi-major axis of WGS 84."""
SQUARED_ECCENTRICITY = 0.006_694_379_990_141_316
SHORT_DEGREES = 0.2
"""Of latitude and of longitude, some 20 km: up to there the flat formula of `metres` is exact enough."""


def metres(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the geodesic distance in metres.

    Up to some 20 km it is reckoned from the two radii of curvature at the middle latitude, which agrees with
    the geodesic within 3 cm (tested) at a tenth of the time; beyond, and near the poles, by geographiclib
    (Karney, "Algorithms for geodesics", 2013).
    """
    north = other_latitude - latitude
    east = other_longitude - longitude
    if abs(north) < SHORT_DEGREES and abs(east) < SHORT_DEGREES and abs(latitude) < 60:
        middle = radians((latitude + other_latitude) / 2)
        flat = 1 - SQUARED_ECCENTRICITY * sin(middle) ** 2
        prime = EQUATOR / sqrt(flat)
        meridian = prime * (1 - SQUARED_ECCENTRICITY) / flat
        return hypot(radians(north) * meridian, radians(east) * prime * cos(middle))
    from geographiclib.geodesic import Geodesic  # type: ignore[import-untyped]

    line = Geodesic.WGS84.Inverse(latitude, longitude, other_latitude, other_longitude, Geodesic.DISTANCE)
    return float(line["s12"])


def require_geometry() -> None:
    """Find before any work whether what tells places inside a region is installed; distances need no extra.

    Raises
    ------
    UsageError
        Naming what to install.
    """
    if find_spec("shapely") is None:
        raise UsageError(
            Bilingual(
                id=f"Kebijakan ini menyebut wilayah, tetapi shapely belum terpasang: {how_to_install('geo')}",
                en=f"This policy names a region, but shapely is not installed: {how_to_install('geo')}",
            )
        )


class Found(NamedTuple):
    """What a position shows: `problem` is "", "out_of_area" or "accuracy"."""

    problem: str = ""
    distance: int | None = None
    in_region: bool | None = None


@dataclass(frozen=True)
class Region:
    """A region not to be left, in WGS 84 degrees."""

    shape: Any
    name: str = ""

    def holds(self, latitude: float, longitude: float) -> bool:
        """Whether the place is in the region or on its border."""
        import shapely

        return bool(shapely.intersects_xy(self.shape, longitude, latitude))

    def metres_to(self, latitude: float, longitude: float) -> float:
        """Return how far the place is from the region, in metres; 0 inside."""
        from shapely import Point
        from shapely.ops import nearest_points

        near = nearest_points(self.shape, Point(longitude, latitude))[0]
        return metres(latitude, longitude, near.y, near.x)


def parse_region(text: str, file: str = "region.geojson") -> Region:
    """Return the polygons of a GeoJSON text (RFC 7946), all of them as one region.

    Raises
    ------
    InputError
        Where it is no GeoJSON, holds no polygon, a polygon crosses itself, or its degrees are out of range.
    """
    problem = Bilingual(
        id="bukan wilayah GeoJSON yang dapat dipakai", en="not a GeoJSON region that can be used"
    )
    try:
        document = json.loads(text)
        polygons = [shape for part in _geometries(document) if (shape := _polygon(part)) is not None]
    except (ValueError, RecursionError, TypeError, KeyError, AttributeError, IndexError) as e:
        raise InputError([Fault(file=file, problem=problem, value=str(e))]) from e
    import shapely

    if not polygons:
        raise InputError([Fault(file=file, problem=problem, value="Polygon, MultiPolygon: 0")])
    shape = shapely.union_all(polygons)
    west, south, east, north = shape.bounds
    if not shape.is_valid or not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise InputError(
            [
                Fault(
                    file=file,
                    problem=problem,
                    value=f"{west:.4f}, {south:.4f}, {east:.4f}, {north:.4f}",
                    allowed=Bilingual(
                        id="poligon sederhana dalam derajat WGS 84, bujur dahulu",
                        en="simple polygons in WGS 84 degrees, longitude first",
                    ),
                )
            ]
        )
    shapely.prepare(shape)
    return Region(shape, file)


def _geometries(document: Any) -> list[Any]:
    kind = document["type"]
    if kind == "FeatureCollection":
        return [g for feature in document["features"] for g in _geometries(feature)]
    if kind == "Feature":
        return _geometries(document["geometry"])
    if kind == "GeometryCollection":
        return [g for part in document["geometries"] for g in _geometries(part)]
    return [document]


def _polygon(geometry: dict[str, Any]) -> Any:
    from shapely import GEOSException
    from shapely.geometry import shape

    if geometry["type"] not in ("Polygon", "MultiPolygon"):
        return None
    try:
        found = shape(geometry)
    except GEOSException as e:
        raise ValueError(str(e)) from e
    if not found.is_valid:
        raise ValueError("self-intersection")
    return found


class Places:
    """Judges positions of people whose homes may be known, against a radius and a region.

    Parameters
    ----------
    homes : latitude and longitude by person index, None where the list has none.
    """

    def __init__(self, homes: list[tuple[float, float] | None], region: Region | None) -> None:
        self._homes = homes
        self.region = region

    def knows_home(self, person: int) -> bool:
        """Whether the list gives the person's home."""
        return self._homes[person] is not None

    def judge(
        self,
        person: int,
        latitude: float,
        longitude: float,
        accuracy: float | None,
        *,
        within: int | None,
        ask_region: bool,
    ) -> Found:
        """Return distance and region of a position, and whether it is provably away.

        A position counts as away only where that holds for every place within its accuracy; where it may be
        either, the answer is "accuracy".
        """
        slack = accuracy if accuracy is not None and isfinite(accuracy) else 0.0
        problem = ""
        distance = None
        home = self._homes[person]
        if home is not None:
            exact = metres(home[0], home[1], latitude, longitude)
            distance = round(exact)
            if within is not None and exact > within:
                problem = "out_of_area" if exact - slack > within else "accuracy"
        inside = None
        if self.region is not None:
            inside = self.region.holds(latitude, longitude)
            if not inside and ask_region:
                away = slack == 0 or self.region.metres_to(latitude, longitude) > slack
                problem = "out_of_area" if away else problem or "accuracy"
        return Found(problem, distance, inside)

    def judge_again(
        self,
        distance: int | None,
        inside: bool | None,
        accuracy: float | None,
        *,
        within: int | None,
        ask_region: bool,
    ) -> Found:
        """Return the same of a position whose coordinates are forgotten, by what was kept of it.

        Parameters
        ----------
        distance : metres from home; None where no home is known.
        inside : whether in the region; None where its accuracy left that open.
        """
        slack = accuracy if accuracy is not None and isfinite(accuracy) else 0.0
        problem = ""
        if distance is not None and within is not None and distance > within:
            problem = "out_of_area" if distance - slack > within else "accuracy"
        if self.region is not None and ask_region and not inside:
            problem = "out_of_area" if inside is False else problem or "accuracy"
        return Found(problem, distance, inside)


def home_of(latitude: float | None, longitude: float | None) -> tuple[float, float] | None:
    """Return a home, or None where the list gives none or half of one."""
    return None if latitude is None or longitude is None else (latitude, longitude)
