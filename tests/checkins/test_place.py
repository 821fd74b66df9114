"""Distances on the ellipsoid and regions from GeoJSON."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from geographiclib.geodesic import Geodesic
from hypothesis import given
from hypothesis import strategies as st

from scheduler.checkins.place import Places, metres, parse_region, require_geometry
from scheduler.errors import InputError, UsageError

ROOT = Path(__file__).parents[2]
SQUARE = [[120.0, -3.0], [121.0, -3.0], [121.0, -2.0], [120.0, -2.0], [120.0, -3.0]]
HOLE = [[120.4, -2.6], [120.6, -2.6], [120.6, -2.4], [120.4, -2.4], [120.4, -2.6]]


@given(st.floats(-59, 59), st.floats(-179, 179), st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
def test_distances_agree_with_the_geodesic_within_3_cm(
    latitude: float, longitude: float, north: float, east: float
) -> None:
    exact = Geodesic.WGS84.Inverse(latitude, longitude, latitude + north, longitude + east)["s12"]
    assert abs(metres(latitude, longitude, latitude + north, longitude + east) - exact) < 0.03


def test_far_distances_and_the_date_line_are_right() -> None:
    assert metres(-6.2, 106.8, -2.55, 120.32) == pytest.approx(1_556_000, rel=0.01)
    assert metres(0, 179.95, 0, -179.95) == pytest.approx(11_132, rel=0.001)


def test_a_region_has_borders_holes_and_parts() -> None:
    feature = {"type": "Feature", "properties": {}, "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE], [[[130, 0], [131, 0], [131, 1], [130, 0]]]]}}  # fmt: skip
    region = parse_region(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    inside = {
        (-2.2, 120.2): True,
        (-3.0, 120.5): True,
        (-2.5, 120.5): False,
        (0.2, 130.9): True,
        (-1.9, 120.5): False,
    }
    assert {place: region.holds(*place) for place in inside} == inside
    assert region.metres_to(-1.9, 120.5) == pytest.approx(11_057, rel=0.01)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"type":"Point","coordinates":[1,2]}', '{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}',
     '{"type":"Polygon","coordinates":[[[500,0],[501,1],[500,1],[500,0]]]}', '{"type":"Polygon","coordinates":"x"}', "[" * 100_000,
     '{"type":"FeatureCollection","features":[null]}'],
)  # fmt: skip
def test_what_is_no_region_is_refused_with_its_file(text: str) -> None:
    with pytest.raises(InputError) as refused:
        parse_region(text, "wilayah.geojson")
    assert refused.value.faults[0].file == "wilayah.geojson"


def test_what_a_region_needs_is_named_before_any_work(monkeypatch: pytest.MonkeyPatch) -> None:
    require_geometry()
    monkeypatch.setattr("scheduler.checkins.place.find_spec", lambda name: None)
    with pytest.raises(UsageError) as refused:
        require_geometry()
    assert "giliran[geo]" in refused.value.describe("id") and "shapely" in refused.value.describe("en")


def test_a_plain_install_can_tell_any_distance() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert any(line.startswith("geographiclib") for line in project["dependencies"])
    shapely_alone = "import sys; sys.modules['shapely'] = None\n"
    code = (
        "from scheduler.checkins.place import metres; print(round(metres(-2.5, 120.3, -5.1, 119.4) / 1000))"
    )
    ran = subprocess.run([sys.executable, "-c", shapely_alone + code], capture_output=True, text=True)
    assert ran.stdout.strip() == "304", ran.stderr


def test_accuracy_leaves_open_what_lies_across_a_border() -> None:
    region = parse_region(json.dumps({"type": "Polygon", "coordinates": [SQUARE]}))
    places = Places([(-2.5, 120.5)], region)

    def problem(latitude: float, accuracy: float | None, within: int | None = None) -> str:
        return places.judge(0, latitude, 120.5, accuracy, within=within, ask_region=True).problem

    assert [problem(-1.9995, None), problem(-1.9995, 20), problem(-1.9995, 90)] == [
        "out_of_area",
        "out_of_area",
        "accuracy",
    ]
    assert [problem(-2.505, 10, 500), problem(-2.505, 80, 500), problem(-2.504, 80, 500)] == [
        "out_of_area",
        "accuracy",
        "",
    ]
