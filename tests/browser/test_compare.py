"""The page that compares models, as somebody uses it."""

from __future__ import annotations

import json
import subprocess
import sys

from playwright.sync_api import Browser, expect

from tests.browser.providers import COHERE, FAILING, VOYAGE
from tests.browser.visits import PHONE, Visit, visit
from tests.local.conftest import Gateway

SECRET = "sk-local"


def test_it_ranks_with_two_models(visited: Visit) -> None:
    """
    The example, by both: each one's order and scores, the way of each document from column to column, and the cost.
    """
    visited.use_key()
    visited.choose(COHERE, VOYAGE)
    visited.rank()

    expect(visited.page.locator("#rank-state")).to_have_text("Done.")
    assert [text[:9] for text in visited.column(COHERE)[:2]] == ["Keep ripe", "Unripe to"]
    assert [text[:9] for text in visited.column(VOYAGE)[:2]] == ["Unripe to", "Keep ripe"]
    assert visited.column("As given")[0].startswith("Tomatoes came")
    best = visited.page.locator(f'.column[aria-label="{COHERE}"] li').first
    assert (best.locator(".score").inner_text(), best.locator(".move").inner_text()) == ("0.9300", "▲1")
    expect(visited.page.locator("svg.lines path")).to_have_count(12)
    assert "$0.002" in visited.page.locator(f'.column[aria-label="{COHERE}"] dl').inner_text()


def test_a_document_is_marked_in_all_columns(visited: Visit) -> None:
    """
    With its lines, by whoever clicks on it.
    """
    visited.use_key()
    visited.choose(COHERE, VOYAGE)
    visited.rank()
    visited.page.locator(".column >> nth=1 >> .card >> nth=0").click()

    expect(visited.page.locator("li.pinned")).to_have_count(3)
    expect(visited.page.locator("path.pinned")).to_have_count(2)
    expect(visited.page.locator('.card[aria-pressed="true"]')).to_have_count(3)


def test_it_says_what_is_wrong_with_a_key(visited: Visit) -> None:
    """
    In the gateway's own words.
    """
    visited.use_key("sk-wrong")

    expect(visited.page.locator("#key-state.error")).to_contain_text("(401)")
    assert len(visited.problems) == 1  # the browser's own line about the status
    assert "401" in visited.problems.pop()


def test_one_models_error_is_no_error_of_the_others(visited: Visit) -> None:
    """
    It stands where its ranking would, with who was asked.
    """
    visited.use_key()
    visited.choose("nobody/x", FAILING, VOYAGE)
    visited.rank()

    failing = visited.page.locator(f'.column[aria-label="{FAILING}"]')
    expect(visited.page.locator('.column[aria-label="nobody/x"] [role=alert]')).to_contain_text("(404)")
    expect(failing.locator("[role=alert]")).to_contain_text("(400)")
    expect(failing.locator("dl")).to_contain_text(f"{FAILING} 400")
    assert len(visited.column(VOYAGE)) == 6
    assert [problem.count("status of 40") for problem in visited.problems] == [1, 1]  # the browser's own lines
    visited.problems.clear()


def test_a_link_holds_the_request(visited: Visit, browser: Browser) -> None:
    """
    Who opens it sees the same form; the key is not in it, and nothing is asked by itself.
    """
    visited.use_key()
    visited.choose(VOYAGE)
    visited.page.fill("#query", "¿Qué hora es? 東京")
    visited.page.fill("#documents", "es mediodía\nes la una")
    visited.page.locator("summary").click()
    visited.page.fill("#top_n", "1")
    visited.page.click("#link")
    expect(visited.page.locator("#rank-state")).to_contain_text("copied")
    link = visited.page.evaluate("navigator.clipboard.readText()")

    with visit(browser, link) as friend:
        assert friend.page.input_value("#query") == "¿Qué hora es? 東京"
        assert friend.page.input_value("#documents") == "es mediodía\nes la una"
        assert friend.page.input_value("#top_n") == "1"
        assert friend.page.locator("#chosen span").all_inner_texts() == [VOYAGE]
        assert friend.page.input_value("#key") == ""
        assert friend.page.locator(".column").count() == 0
    before, _, fragment = link.partition("#")
    assert before == visited.url
    assert len(fragment) > 50
    assert SECRET not in link


def test_the_key_lives_in_the_tab(visited: Visit) -> None:
    """
    It survives a reload, and is nowhere but in the tab's own storage.
    """
    visited.use_key()
    visited.page.reload()

    expect(visited.page.locator("#key")).to_have_value(SECRET)
    assert visited.page.evaluate("[localStorage.length, document.cookie, Object.keys(sessionStorage).length]") == [
        0,
        "",
        1,
    ]
    assert SECRET not in visited.page.url


def test_documents_may_be_json(visited: Visit) -> None:
    """
    Texts or objects, as they are or a line each; what is no document is said to be none.
    """
    shapes = [
        '["a b", "c"]',
        '{"text": "a b", "id": 7}\n{"text": "c"}',
        '[{"text": "a b"}, {"text": "c"}]',
        "a b\n\nc\n",
    ]
    visited.use_key()
    visited.choose("local/bm25")
    visited.page.fill("#query", "c")

    for shape in shapes:
        visited.page.fill("#documents", shape)
        expect(visited.page.locator("#documents-state")).to_have_text("2 documents")
        visited.rank()
        assert visited.column("local/bm25") == ["c", "a b"]
    visited.page.fill("#documents", '["a b", ')
    expect(visited.page.locator("#documents-state.error")).to_have_count(1)


def test_a_file_may_be_a_whole_request(visited: Visit) -> None:
    """
    Its query and options come along.
    """
    request = {"query": "q", "documents": ["one", {"text": "two"}], "top_n": 1}
    visited.page.set_input_files(
        "#file", {"name": "request.json", "mimeType": "application/json", "buffer": json.dumps(request).encode()}
    )

    expect(visited.page.locator("#query")).to_have_value("q")
    expect(visited.page.locator("#top_n")).to_have_value("1")
    expect(visited.page.locator("#documents-state")).to_have_text("2 documents")


def test_a_file_can_be_dropped(visited: Visit) -> None:
    """
    On the field that shows its documents then.
    """
    visited.page.evaluate(
        """() => {
            const dropped = new DataTransfer();
            dropped.items.add(new File(["one\\ntwo\\nthree"], "lines.txt"));
            documents.dispatchEvent(new DragEvent("drop", { dataTransfer: dropped, cancelable: true, bubbles: true }));
        }"""
    )

    expect(visited.page.locator("#documents")).to_have_value("one\ntwo\nthree")


def test_the_python_code_runs(visited: Visit) -> None:
    """
    With the key from the environment, and quotes of all kinds in the request.
    """
    visited.use_key()
    visited.choose("local/bm25")
    visited.page.fill("#documents", 'it\'s "red"\nsomething with tomatoes\\n and $HOME `x`')
    expect(visited.page.locator("#documents-state")).to_have_text("2 documents")
    expect(visited.page.locator("#code")).to_contain_text("$HOME")
    visited.page.select_option("#language", "python")

    code = visited.page.locator("#code").inner_text()
    ran = subprocess.run(
        [sys.executable, "-c", code], env={"RERANK_GATEWAY_KEY": SECRET}, capture_output=True, text=True
    )
    assert ran.stdout.split("\n")[0].startswith("1 "), ran.stderr
    assert SECRET not in code


def test_the_shell_command_runs(visited: Visit) -> None:
    """
    The same for curl.
    """
    visited.use_key()
    visited.choose("local/bm25")
    visited.page.fill("#documents", 'it\'s "red"\nsomething with tomatoes\\n and $HOME `x`')
    expect(visited.page.locator("#documents-state")).to_have_text("2 documents")
    expect(visited.page.locator("#code")).to_contain_text("$HOME")

    code = visited.page.locator("#code").inner_text()
    ran = subprocess.run(
        ["sh", "-c", code], env={"RERANK_GATEWAY_KEY": SECRET, "PATH": "/usr/bin:/bin"}, capture_output=True, text=True
    )
    assert json.loads(ran.stdout)["results"][0]["index"] == 1


def test_it_needs_no_mouse(visited: Visit) -> None:
    """
    Enter uses the key, adds a model and ranks; arrows go from tab to tab.
    """
    visited.use_key()
    visited.page.focus("#model")
    visited.page.keyboard.type("local/bm25")
    visited.page.keyboard.press("Enter")
    visited.page.focus("#query")
    visited.page.keyboard.press("Enter")
    visited.page.wait_for_selector(".column")
    visited.page.focus("#tab-compare")
    visited.page.keyboard.press("ArrowRight")

    expect(visited.page.locator("#tab-key")).to_be_focused()
    expect(visited.page.locator("#this-key")).to_be_visible()
    expect(visited.page.locator("#compare")).to_be_hidden()


def test_a_phone_shows_all_of_it(browser: Browser, gateway: Gateway) -> None:
    """
    Only the rankings scroll sideways; the page does not.
    """
    with visit(browser, f"{gateway.url}/", PHONE) as visited:
        visited.use_key()
        visited.choose(COHERE, VOYAGE)
        visited.rank()

        width, inner = visited.page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        wide, shown = visited.page.evaluate("[rankings.scrollWidth, rankings.clientWidth]")
    assert width == inner == PHONE
    assert wide > shown
