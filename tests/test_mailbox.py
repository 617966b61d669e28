"""Addresses of mailboxes: which are ones, how they are written, which two are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from briefing.mailbox import mailbox, same, shown


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (" Ada.Quill@Ministry.Example ", "Ada.Quill@ministry.example"),
        ("o'neil+news@sub.a-b.example", "o'neil+news@sub.a-b.example"),
        ("desk@bücher.example", "desk@xn--bcher-kva.example"),
        ("受付@例え.テスト", "受付@xn--r8jz45g.xn--zckzah"),
        ("desk@ＥＸＡＭＰＬＥ．ｏｒｇ", "desk@example.org"),
        ("e\u0301va@example.org", "éva@example.org"),
        ("a@example.org.", "a@example.org"),
    ],
)
def test_an_address_is_written_as_servers_take_it(said, meant):
    assert mailbox(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "", "ada", "@example.org", "ada@", "ada@@example.org", "a b@example.org", "ada@localhost", "ada@[127.0.0.1]",
        "ada@127.0.0.1", '"ada quill"@example.org', ".ada@example.org", "ada.@example.org", "a..b@example.org",
        "ada@exa_mple.org", "ada@-a.example", "ada@example.org\nBcc: ben@example.org", "ada\r\n@example.org",
        "ada\x00@example.org", "a\u200bda@example.org", "ada,ben@example.org", "<ada@example.org>",
        f"{'a' * 65}@b.example",
        f"a@{'b' * 64}.example", f"a@{'.'.join(['b' * 60] * 5)}", "ada@xn--a.example", "=1+1@example.org",
        "-oQ@example.org", "ada@exam\u00adple..org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_a_reason(said):
    with pytest.raises(ValueError, match="is no mail address: ") as caught:
        mailbox(said)
    assert "\n" not in str(caught.value)


def test_people_see_a_domain_in_its_own_letters():
    assert shown(mailbox("desk@bücher.example")) == "desk@bücher.example"
    assert shown("desk@xn--a.example") == "desk@xn--a.example"


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_is_taken_is_one_line_and_stays_what_it_is(local, domain):
    try:
        taken = mailbox(f"{local}@{domain}.example")
    except ValueError:
        return
    assert mailbox(taken) == taken
    assert taken.isprintable()
    assert " " not in taken
    assert taken.count("@") == 1
    assert same(mailbox(shown(taken))) == same(taken)


@given(st.text("abcXYZéß", min_size=1, max_size=12))
def test_upper_and_lower_case_are_the_same_mailbox(local):
    assert same(mailbox(f"{local}@Example.org")) == same(mailbox(f"{local.swapcase().swapcase()}@EXAMPLE.org"))
    assert same(f"{local.upper()}@example.org") == same(f"{local.lower()}@example.org")
