"""What an issue quotes of a sentence that announces something."""

from __future__ import annotations

from dataclasses import replace

import pytest

from briefing.editions.calendars import announced
from test_outputs_issue import (  # type: ignore[import-not-found]  # pytest puts this folder on the path, mypy does not
    ISSUE,
)


@pytest.mark.parametrize(
    ("sentence", "said", "quoted"),
    [
        ("14. The harbour masters meet on 3 May.", "on 3 May", "The harbour masters meet on 3 May."),
        ("(2) The harbour masters meet on 3 May.", "on 3 May", "The harbour masters meet on 3 May."),
        ("（３）港長は5月3日に会談する。", "5月3日", "港長は5月3日に会談する。"),
        ("3. Mai 2017 ist der Tag der Häfen.", "3. Mai 2017", "3. Mai 2017 ist der Tag der Häfen."),
        ("3. Mai 2017 oder Juni: die Häfen öffnen.", "Juni", "3. Mai 2017 oder Juni: die Häfen öffnen."),
        ("3 мая пройдёт встреча капитанов.", "3 мая", "3 мая пройдёт встреча капитанов."),
        ("2017 opens with a meeting in January.", "in January", "2017 opens with a meeting in January."),
    ],
)
def test_the_number_of_a_paragraph_is_no_part_of_what_is_quoted_and_a_date_is(sentence, said, quoted):
    held = ISSUE.ahead[0]
    voice = held.voices[0]
    statement = replace(voice.statement, sentence=sentence, said=said)
    meeting = replace(held.meeting, statements=(statement,))
    sources = {statement.item.source: voice.source}
    assert announced(meeting, sources, {}, "en").voices[0].sentence == quoted
