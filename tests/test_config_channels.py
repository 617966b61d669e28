"""The channels of sources.yaml: what they become, and what an editor is told when one is wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from briefing.config import load
from briefing.errors import ConfigError
from briefing.specs import settings_of, settings_spec, site_spec

FILE = """\
site: {{title: Lagoon Watch, contact: desk@lagoon.example{site}}}
sources: []
digests:
  - {{id: tides, title: Tides}}
deliver:
{channels}
"""
ALL = """\
  - {id: hook, kind: webhook, url: "https://hook.example/in?x=1", secret_env: HOOK_SECRET, events: [item, erratum],
     give_up: 5d, allow_private: true}
  - {id: chat, kind: slack, url_env: SLACK_URL, events: [issue, digest], digests: [tides]}
  - {id: copy, kind: folder, path: ../www}
  - {id: cdn, kind: s3, bucket: press, prefix: /desk/2016/, region: xa-north-1}
  - {id: minio, kind: s3, bucket: press, url: "http://store.example:9000", key_env: OWN_ID, secret_env: OWN_KEY}"""


@pytest.fixture
def loaded(tmp_path):
    def read(channels, site=""):
        file = tmp_path / "sources.yaml"
        file.write_text(FILE.format(channels=channels, site=site), encoding="utf-8")
        return load(file)

    return read


def test_every_kind_of_channel_is_understood_and_kept(loaded, tmp_path):
    found = loaded(ALL, ', hub: "https://hub.example/"')
    hook, chat, copy, cdn, minio = found.deliver
    assert (hook.url, hook.secret_env, hook.events) == (
        "https://hook.example/in?x=1",
        "HOOK_SECRET",
        ("item", "erratum"),
    )
    assert (hook.give_up, hook.allow_private) == (timedelta(days=5), True)
    assert (chat.url, chat.url_env, chat.digests) == ("", "SLACK_URL", ("tides",))
    assert (copy.path, copy.mirrors, copy.events) == (str(tmp_path / "../www"), True, ("issue", "erratum"))
    assert (cdn.url, cdn.prefix) == ("https://s3.xa-north-1.amazonaws.com", "desk/2016")
    assert (cdn.key_env, cdn.secret_env) == ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    assert (minio.url, minio.key_env, minio.secret_env) == ("http://store.example:9000", "OWN_ID", "OWN_KEY")
    assert found.site.hub == "https://hub.example/"
    assert settings_of(settings_spec(found)) == found


def test_a_file_without_any_says_to_the_log_what_it_said_before(loaded):
    found = loaded("  []")
    assert found.deliver == ()
    assert "hub" not in site_spec(found.site)
    old = settings_spec(found)
    del old["deliver"]
    assert settings_of(old) == found


@pytest.mark.parametrize(
    ("channel", "said"),
    [
        ("id: a, kind: webhook, secret_env: S", "deliver[0]: a channel of kind webhook needs url or url_env"),
        ('id: a, kind: webhook, url: "https://h.example"', "deliver[0]: a channel of kind webhook needs secret_env"),
        (
            'id: a, kind: slack, url: "https://h.example/secret", url_env: S',
            "deliver[0].url: has no meaning where kind",
        ),
        ("id: a, kind: teams", "deliver[0]: a channel of kind teams needs url_env"),
        ("id: a, kind: folder, bucket: b", "deliver[0]: a channel of kind folder needs path"),
        ("id: a, kind: s3, bucket: b, events: [item]", "deliver[0].events: has no meaning where kind is s3: leave it"),
        ("id: a, kind: slak, url_env: S", '"slak" is none of webhook, slack, teams, mattermost, folder, s3; did you'),
        ("id: a, kind: slack, url_env: S, events: [issues]", 'did you mean "issue"?'),
        ("id: a, kind: slack, url_env: S, digests: [tide]", 'no digest has the id "tide"; did you mean "tides"?'),
        ("id: a, kind: slack, url_env: https://h.example/zyx", "must be the name of a variable of the environment"),
        ("id: a, kind: s3, bucket: b, prefix: a/../b", "is no prefix: it is made of letters, digits, dots"),
        ("id: a, kind: folder, path: x, giveup: 3d", 'unknown key "giveup"; did you mean "give_up"?'),
    ],
)
def test_a_wrong_channel_is_told_with_what_mends_it(loaded, channel, said):
    with pytest.raises(ConfigError) as wrong:
        loaded(f"  - {{{channel}}}")
    assert any(said in problem for problem in wrong.value.problems), wrong.value.problems
    assert not any("zyx" in problem for problem in wrong.value.problems), "it may be a secret"


def test_two_channels_of_one_name_are_told(loaded):
    with pytest.raises(ConfigError, match='"a" is also the id of deliver'):
        loaded("  - {id: a, kind: folder, path: x}\n  - {id: a, kind: folder, path: y}")
