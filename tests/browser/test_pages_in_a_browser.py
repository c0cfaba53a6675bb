"""Pages as people use them: with eyes, keyboard, screen reader, phone and printer, with scripts and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

import sailau

if TYPE_CHECKING:
    from playwright.sync_api import Page
    from tests.browser.conftest import Reader

PAGES = (
    "",
    "why/",
    "contests/list/",
    "lists/",
    "lists/auyl/",
    "places/",
    "places/almaty-region/",
    "lab/",
    "data/",
    "method/",
    "parliament/",
    "previous/",
    "elsewhere/",
    "calendar/",
    "voter/",
    "embed/",
    "hall/",
    "widget/chamber/",
    "widget/table/",
)
LANGUAGES = ("kk", "ru", "en")


def violations(page: Page) -> list[str]:
    """Return what axe finds in the light, and what cannot be read in the dark."""
    found = Axe().run(page).response["violations"]
    page.emulate_media(color_scheme="dark")
    found += Axe().run(page, options={"runOnly": ["color-contrast"]}).response["violations"]
    page.emulate_media(color_scheme="light")
    return [
        f"{fault['id']}: {node['html'][:200]} {node['failureSummary'][:200]}"
        for fault in found
        for node in fault["nodes"]
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shuts_anybody_out(reader: Reader, language: str) -> None:
    page = reader.open(f"chamber/{language}/")
    assert page.locator("html").get_attribute("lang") == language
    for path in PAGES:
        page.goto(f"{reader.site}/chamber/{language}/{path}", wait_until="networkidle")
        assert not violations(page), path
    for path in (f"question/{language}/", f"whatif/{language}/", f"question/{language}/law/", "chamber/"):
        page.goto(f"{reader.site}/{path}")
        assert not violations(page), path


@pytest.mark.parametrize("width", [320, 390, 1280, 3840])
def test_pages_fit_phones_and_walls(reader: Reader, width: int) -> None:
    page = reader.open("chamber/kk/", width=width)
    for path in ("", "contests/list/", "lab/", "law/", "voter/", "hall/", "widget/table/", "embed/"):
        page.goto(f"{reader.site}/chamber/kk/{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_from_a_party_to_the_article_by_keyboard_alone(reader: Reader) -> None:
    page = reader.open("chamber/en/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Amanat: 62 seats"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lists/auyl/")
    assert "8 of 69 list seats" in page.inner_text("main")
    page.locator(".article a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/law/#list.threshold")
    assert "At least 5 % of valid votes" in page.inner_text("[id='list.threshold']")


def test_the_language_changes_and_the_page_stays(reader: Reader) -> None:
    page = reader.open("chamber/en/lists/auyl/")
    page.click("text=Русский")
    assert page.url.endswith("/chamber/ru/lists/auyl/")
    assert page.locator("html").get_attribute("lang") == "ru"


def test_a_what_if_is_unmistakable(reader: Reader) -> None:
    page = reader.open("whatif/en/contests/list/")
    assert page.inner_text(".banner.changed").strip().startswith("≠ What if, not the law: threshold (list seats): 7 %")


# ---------------------------------------------------------------- the lab


def seats_shown(page: Page) -> dict[str, int]:
    rows = page.locator("tr[data-option]").all()
    return {
        row.locator("th").inner_text().strip(): int(row.locator("[data-seats]").inner_text())
        for row in rows
        if row.is_visible()
    }


def names_of(changes: dict[str, str]) -> dict[str, int]:
    outcome = sailau.count("mazhilis-2023", changes=changes) if changes else sailau.count("mazhilis-2023")
    home = sailau.count("mazhilis-2023")
    names = {"independent": "Self-nominated"} | {p.id: p.short for p in outcome.election.parties.values()}
    return {names[o]: n for o, n in outcome.seats.items() if n or home.seats[o]}


def test_the_lab_follows_keys_and_shows_what_the_count_gives(reader: Reader) -> None:
    page = reader.open("chamber/en/lab/")
    assert seats_shown(page) == names_of({})
    page.locator("#axis-0").focus()
    page.keyboard.press("ArrowRight")
    assert page.inner_text("output") == "6 %"
    assert seats_shown(page) == names_of({"list.threshold.share": "6%"})
    assert "list.threshold.share=6%25" in page.url
    page.select_option("#axis-3", label="D'Hondt")
    changed = {"list.threshold.share": "6%", "list.formula.method": "dhondt"}
    assert seats_shown(page) == names_of(changed)
    assert page.locator("#axis-4").is_disabled()
    line = "sailau explain mazhilis-2023 --set list.threshold.share=6% --set list.formula.method=dhondt"
    assert page.inner_text("[data-line]") == line
    assert page.is_visible("[data-changed]")
    page.click("text=Русский")
    assert "list.formula.method=dhondt" in page.url
    page.click("button[type=reset]")
    assert not page.is_visible("[data-changed]")


def test_an_address_opens_the_lab_as_it_was_left(reader: Reader) -> None:
    page = reader.open("chamber/en/lab/?list.threshold.share=4%25&list.seats=104&no.such=1")
    assert seats_shown(page) == names_of({"list.threshold.share": "4%", "list.seats": "104"})


def test_everything_can_be_read_without_scripts(reader: Reader) -> None:
    page = reader.open("chamber/en/lab/", java_script_enabled=False)
    assert not page.is_visible(".lab")
    assert page.inner_text("caption >> nth=0") == "Threshold (list seats)"
    assert "62" in page.inner_text("table.single >> nth=0")
    page.goto(f"{reader.site}/chamber/en/places/")
    assert page.get_by_role("link", name="Almaty Region", exact=True).last.is_visible()
    assert not page.is_visible("input")


def test_a_place_is_found_by_its_name(reader: Reader) -> None:
    page = reader.open("chamber/kk/places/")
    page.fill("input[type=search]", "алматы обл")
    shown = [item.inner_text() for item in page.locator("#places li").all() if item.is_visible()]
    assert shown == ["Алматы облысы"]


def test_print_leaves_out_what_paper_cannot_do(reader: Reader) -> None:
    page = reader.open("chamber/en/")
    page.emulate_media(media="print")
    assert not page.is_visible("nav.pages")
    assert page.is_visible("table.result")


def test_a_hall_screen_fits_a_wall_and_shows_itself_anew_when_the_figures_change(reader: Reader) -> None:
    page = reader.open("chamber/ru/hall/", width=1920, height=1080)
    assert page.evaluate("document.documentElement.scrollHeight") <= 1080
    page.clock.install()
    page.goto(f"{reader.site}/chamber/ru/hall/")
    page.evaluate("document.body.classList.add('old')")
    page.clock.run_for(16_000)
    page.wait_for_load_state("networkidle")
    assert "old" in (page.locator("body").get_attribute("class") or ""), "nothing has changed yet"
    page.route("**/data/version.json", lambda route: route.fulfill(json={"version": "another"}))
    page.clock.run_for(16_000)
    page.locator("body.old").wait_for(state="detached")


def test_lines_to_copy_show_the_widget_on_another_page(reader: Reader) -> None:
    page = reader.open("chamber/kk/embed/")
    lines = page.locator("[data-embed]").first.inner_text()
    assert f'src="{reader.site}/chamber/kk/widget/chamber/"' in lines
    assert f'href="{reader.site}/chamber/kk/"' in lines
    assert "<td>62</td>" in page.locator("#plain ~ pre").inner_text()
    page = page.context.new_page()
    page.set_content(lines)
    frame = page.frame_locator("iframe")
    assert frame.locator("html").get_attribute("lang") == "kk"
    assert "62" in frame.locator(".headline").inner_text()
