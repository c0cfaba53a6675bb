"""Maps: dated outlines for exactly the regions of the rule books; who leads is said in words, too."""

from __future__ import annotations

from datetime import date

import pytest

from sailau.rulebook import load
from sailau.rulebook.geometry import geometry
from sailau.site.publish import sites_of


@pytest.mark.parametrize(("day", "number"), [(date(2021, 1, 10), 17), (date(2023, 3, 19), 20), (date(2026, 8, 23), 20)])
def test_outlines_are_those_of_the_regions_of_the_day(day: date, number: int) -> None:
    held = geometry("kz/mazhilis", day)
    assert held is not None
    law = load("kz/mazhilis" if day.year < 2026 else "kz/kurultai").on(day)
    assert sorted(held.areas) == sorted(region.code for region in law.section("region"))
    assert len(held.areas) == number
    assert len(held.marks) == 3
    assert "CC BY 4.0" in held.source


def test_a_country_without_outlines_has_none() -> None:
    assert geometry("es/congress", date(2019, 4, 28)) is None
    assert geometry("kz/mazhilis", date(2016, 3, 20)) is None


def test_tiles_say_who_leads_in_words() -> None:
    [site] = sites_of("congress-2019-04", lab=False)
    page = next(page for page in site.pages() if page.path == "en/index.html").make().decode()
    assert 'aria-label="Barcelona: ' in page
    assert page.count('class="tile"') == 52
    assert '<svg class="map"' not in page


def test_a_map_without_figures_says_so_and_leads_to_every_region() -> None:
    [site] = sites_of("mazhilis-2023", lab=False)
    made = {page.path: page for page in site.pages()}
    page = made["en/places/index.html"].make().decode()
    assert page.count('class="area"') == 20
    assert "No figures of single regions are known." in page
    assert "Boundaries: A. Rodionov" in page
    assert '<svg class="map"' not in made["en/index.html"].make().decode()
