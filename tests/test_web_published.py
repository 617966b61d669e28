from __future__ import annotations

import hashlib
import os
from email.utils import format_datetime, parsedate_to_datetime

import pytest

from web_support import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    furnished,
    opened,
)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    shelf = tmp_path_factory.mktemp("shelf")
    furnished(shelf).desk.close()
    with opened(shelf, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/feeds/all.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/topics/dredging.atom", "application/atom+xml; charset=utf-8"),
        ("/feeds/changes.json", "application/feed+json"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
        ("/briefings/weekly/2026-W11/", "text/html; charset=utf-8"),
        ("/briefings/weekly/2026-W11/briefing.md", "text/markdown; charset=utf-8"),
        ("/briefings/weekly/2026-W11/briefing.txt", "text/plain; charset=utf-8"),
        ("/briefings/weekly/2026-W11/v1/briefing.json", "application/json"),
    ],
)
def test_a_published_file_is_given_as_it_lies_with_its_type_and_validators(site, path, kind):
    answer = site.ask(path)
    name = path.lstrip("/") + ("index.html" if path.endswith("/") else "")
    file = site.service.desk.public / name
    assert answer.status == 200
    assert answer.body == file.read_bytes()
    assert answer.headers["content-type"] == kind
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.body).hexdigest()}"'
    assert int(parsedate_to_datetime(answer.headers["last-modified"]).timestamp()) == int(file.stat().st_mtime)
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_version_of_an_issue_may_be_kept_for_ever_and_all_else_for_a_minute(site):
    assert site.ask("/feeds/all.rss").headers["cache-control"] == "public, max-age=60"
    assert site.ask("/briefings/weekly/2026-W11/").headers["cache-control"] == "public, max-age=60"
    assert site.ask("/briefings/weekly/2026-W11/v1/").headers["cache-control"] == "public, max-age=86400"


def test_an_issue_may_carry_its_own_style_and_nothing_else(site):
    policy = site.ask("/briefings/weekly/2026-W11/").headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "style-src 'unsafe-inline'" in policy
    assert "unsafe-inline" not in site.ask("/feeds/all.rss").headers["content-security-policy"]


def test_what_a_client_holds_is_answered_304(site):
    first = site.ask("/feeds/all.atom")
    etag, modified = first.headers["etag"], first.headers["last-modified"]
    for headers in (
        {"If_None_Match": etag},
        {"If_None_Match": f'"x", W/{etag}'},
        {"If_None_Match": "*"},
        {"If_Modified_Since": modified},
    ):
        answer = site.ask("/feeds/all.atom", **headers)
        assert (answer.status, answer.body) == (304, b""), headers
        assert answer.headers["etag"] == etag
        assert "last-modified" in answer.headers
        assert "cache-control" in answer.headers


def test_what_a_client_does_not_hold_is_answered_in_full(site):
    first = site.ask("/feeds/all.atom")
    modified = parsedate_to_datetime(first.headers["last-modified"])
    for headers in (
        {"If_None_Match": '"x"'},
        {"If_None_Match": '"x"', "If_Modified_Since": first.headers["last-modified"]},
        {"If_Modified_Since": format_datetime(modified.replace(year=modified.year - 1), usegmt=True)},
        {"If_Modified_Since": "yesterday"},
        {"If_Modified_Since": "Tue, 17 Mar 2026 03:00:00 -0000"},
    ):
        assert site.ask("/feeds/all.atom", **headers).status == 200, headers


def test_head_gives_the_headers_alone(site):
    get, head = site.ask("/feeds/all.json"), site.ask("/feeds/all.json", "HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["etag"] == get.headers["etag"]
    assert head.headers["content-length"] == str(len(get.body))


def test_a_file_written_again_is_given_anew(site):
    file = site.service.desk.public / "feeds" / "trial.json"
    file.write_bytes(b"[1]")
    first = site.ask("/feeds/trial.json")
    assert (first.body, site.ask("/feeds/trial.json", If_None_Match=first.headers["etag"]).status) == (b"[1]", 304)
    file.write_bytes(b"[2]")
    os.utime(file, ns=(10**18, 10**18))
    second = site.ask("/feeds/trial.json", If_None_Match=first.headers["etag"])
    assert (second.status, second.body) == (200, b"[2]")
    file.unlink()
    assert site.ask("/feeds/trial.json").status == 404


def test_a_folder_leads_to_its_page_with_the_last_slash(site):
    answer = site.ask("/briefings/weekly/2026-W11")
    assert (answer.status, answer.headers["location"]) == (308, "/briefings/weekly/2026-W11/")


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/../../briefing.db",
        "/feeds/%2e%2e/%2e%2e/sources.yaml",
        "/feeds/..%2f..%2fsources.yaml",
        "/briefings/..%5c..%5csources.yaml",
        "/feeds//etc/passwd",
        "/feeds/%2fetc/passwd",
        "/feeds/all.rss%00.json",
        "/feeds/.hidden.json",
        "/feeds/link.json",
        "/feeds/odd.bin",
        "/feeds/topics",
        "/feeds/" + "x" * 300 + ".rss",
    ],
)
def test_nothing_outside_the_published_files_is_given(site, path):
    public = site.service.desk.public
    (public / "feeds" / ".hidden.json").write_bytes(b"secret")
    (public / "feeds" / "odd.bin").write_bytes(b"secret")
    link = public / "feeds" / "link.json"
    if not link.is_symlink():
        link.symlink_to(public.parent / "sources.yaml")
    answer = site.ask(path)
    assert answer.status == 404
    assert b"secret" not in answer.body
    assert b"Harbour Desk" in answer.body
