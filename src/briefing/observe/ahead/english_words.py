"""What English says of dates: names, whether something lies ahead or is over, what is announced, where, by whom."""

from __future__ import annotations

import re

NAMES = "january february march april may june july august september october november december".split()  # noqa: SIM905
SHORT = {"jan": 1, "feb": 2, "mar": 3, "apr": 4, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "sept": 9, "oct": 10,
          "nov": 11, "dec": 12}  # fmt: skip
MONTHS = {name: number for number, name in enumerate(NAMES, 1)} | SHORT
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()  # noqa: SIM905
COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
           "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90}  # fmt: skip

# A month begins with a capital: "may" and "march" are other words.
M = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?(?![a-z]))"
)
Y = (
    r"(?:,?\s+(?:of\s+|in\s+)?(?P<y>(?:19|20)\d\d(?!\d)|(?:this|next|last)\s+year|"
    r"(?:the\s+)?(?:current|coming|same)\s+year)|\s*\((?P<yb>20\d\d)\))?"
)
D = r"(?:[0-3]?\d(?:st|nd|rd|th)?)(?![\d:%]|[.,]\d)"
TO = r"\s*(?:-|–|—|/|to|and|through|until|till|or|&)\s*"
# The name of a day before its number ("Monday 3 to Friday 7"), and behind it ("3 (Mon)").
ON = r"(?:(?:the\s+)?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?,?\s+)?(?:the\s+)?"
WD = r"(?:\s*\((?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)[a-z]{0,6}\.?\))?"
CAPS = re.compile(r"[A-Z]{3,9}")
PART = (
    r"(?P<part>early(?:\s+in)?|end(?=-)|mid(?:dle\s+of)?|late(?:\s+in)?|(?:the\s+)?(?:very\s+)?(?:end|close)\s+of|(?:the\s+)?(?:beginning|start)\s+of"
    r"|(?:the\s+)?middle\s+of|(?:the\s+)?(?:first|second|latter)\s+half\s+of|(?:the\s+)?(?:first|second|third|fourth|last|final)\s+(?:week|days|ten\s+days)\s+of)"
)
PARTS = (("early", "early"), ("begin", "early"), ("start", "early"), ("mid", "mid"), ("late", "late"), ("end", "late"),
          ("close", "late"), ("first half", "first-half"), ("second half", "second-half"), ("latter", "second-half"),
          ("first", "early"), ("second", "mid"), ("third", "mid"),
          ("fourth", "late"), ("last", "late"), ("final", "late"))  # fmt: skip
SEASON = r"(?P<season>spring|summer|autumn|fall|winter)"
THE_YEAR = r"(?P<y>20\d\d(?!\d|\s*[-–/]\s*\d)|(?:the|this)\s+year|(?:the\s+)?next\s+year|year(?=-end|[’']s\s+end))"

HINT = re.compile(
    r"\d(?:st|nd|rd|th)\b|\b(?:20\d\d|Christmas|New\s+Year|quarter|[Mm]onth-end|[Tt]omorrow|tonight|[Nn]ext|[Ll]ater|[Cc]oming|upcoming|(?:day|week|month|fortnight)s?|weekend|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|year|spring|"
    r"summer|autumn|fall|winter|[Ww]ithin|[Tt]his\s+(?:week|month)|Q[1-4]|" + M + r")\b|[JFMASOND][A-Z]{2,8}\b"
)
_FUTURE = (
    r"\b(?:will|shall|to|would|may|should|must|could|can)\s+(?:not\s+|also\s+|then\s+|now\s+|[a-z]+ly\s+)?"
    r"be\s+(?:[a-z]+ly\s+)?[a-z]+\b|"
    r"\bwill\b|[’']ll\b|\bshall\b|\b(?:is|are|was|were|be)\s+(?:now\s+)?(?:scheduled|planned|due|slated|set(?!\s+up)|expected|"
    r"booked|foreseen|tentatively)\b|\b(?:is|are)\s+to\s+(?:be\s+)?[a-z]+\b|\bscheduled\b|\bplan(?:s|ned|ning)?\b|"
    r"\bintend(?:s|ed)?\b|\bexpect(?:s|ed)?\b|\bgoing\s+to\b|\bhope[sd]?\s+to\b|\bwould\b|\bupcoming\b|\bforthcoming\b|"
    r"\b(?:(?:has|have)\s+)?agree(?:d|s)?(?=\s+(?:to\b|on\s+(?:holding|a\s+|the\s+next)|that))|"
    r"\binvit(?:e|es|ed|ation)\b|\bdeadline\b|\bno\s+later\s+than\b|"
    r"\bdue\s+(?:by|on|in)\b|\bmust\b|\bmay\s+(?!have\b)[a-z]+\b|\bcould\s+(?:be|take|meet|visit)\b|"
    r"\bin\s+preparation\s+for\b|\bpreparations?\s+for\b|\bahead\s+of\b|\bin\s+the\s+run-up\s+to\b|\blooks?\s+forward\b|"
    r"\bpropos(?:e|es|ed|al)\s+(?:to|for|that|holding)\b|"
    r"\barranged?\s+to\b|\bdecided\s+to\b|\bprepar(?:e|es|ing)\s+(?:to|for)\b|"
    r"\bconvenes?\b|\btakes?\s+(?:place|effect)\b|\bopens\b|\bbegins\b|\bstarts\b|\bresumption\b|\bregistration\b|\bapplications?\b|"
    r"\b(?:is|are)\s+(?!(?:being|during|nothing|according)\b)[a-z]+ing\b|\bto\s+be\s+held\b|"
    r"\bpostponed?\s+(?:to|until|till)\b|\b(?:re)?scheduled?\s+(?:to|for)\b|\bmoved\s+to\b|\bresumes?\b|\bleaves\s+for\b|"
    r"\b(?:meets?|hosts?|visits|holds|departs|arrives|pays|receives|returns|continues|closes|reopens|reconvenes|expires?|"
    r"lapses|ends|appl(?:y|ies)|enters|comes|runs|passes|travels|attends|(?:co-)?chairs|addresses|delivers|signs|joins|"
    r"launches|publishes|sits|votes|decides|elects|concludes|celebrates|moves|remains?|heads\s+(?:to|for)|goes\s+to|"
    r"pencil{1,2}ed\s+in)\b|\b(?:WHEN|When|DATES?|Dates?)(?:\s+and\s+[Tt]ime)?\s*:|\bcall(?:s|ed)?\s+for\b|\bagreement\s+to\b|"
    r"\bshould\s+(?!have\b)[a-z]+\b|\bTo\s+[a-z]+\b|\bhas\s+to\b|\bhave\s+to\b"
)
_PAST = (
    r"\b(?:was|were|had|did)\b|\btook\s+(?:place|part|over|up)\b|\b(?:held|met|visited|signed|attended|concluded|"
    r"spoke|said\s+in|travelled|traveled|began|ended|opened|hosted|adopted|launched|published|arrived|became|returned|"
    r"gathered|convened|discussed|received|welcomed|elected|entered|gave|made|came|went|saw|rose|fell|killed|sent|paid|"
    r"established|announced\s+(?:on|in)|issued|left|resigned|ratified|approved|reached|issued|started|resumed|chaired|"
    r"participated|reviewed|addressed|presented|inaugurated|toured|completed|participated|exchanged|celebrated|marked|happened|occurred|stood|grew|joined|voted|led|lasted)\b|"
    r"\b(?:has|have)\s+(?:been|already|since|[a-z]+ed)\b|\blast\s+(?:year|month|week|spring|summer|autumn|fall|winter|"
    + M
    + r"|[A-Z][a-z]+day)\b|\bago\b|\bearlier\s+this\b|\bsince\b|\bfollowing\s+the\b|"
    r"\bduring\s+(?:my|his|her|their)\b|\bprevious\b|\bback\s+in\b"
)
# One look for the beginning of a word instead of one for each cue: a tenth of the time.
FUTURE = re.compile(r"\b(?:" + _FUTURE.replace(r"|\b", "|").removeprefix(r"\b") + ")")
PAST = re.compile(_PAST)
CANCELLED = re.compile(
    r"\b(?:(?:been|was|were|is|are|be)\s+(?:now\s+)?cancel{1,2}ed|called\s+off|cancel{1,2}ed\s+(?:the|its|his|her|their)|"
    r"will\s+not\s+(?:be\s+held|take\s+place|go\s+ahead)|postponed\s+indefinitely|cancellation\s+of)\b"
)
MOVED = re.compile(
    r"\b(?:postponed|moved|rescheduled|brought\s+forward|put\s+off|deferred|delayed|shifted)\b[^.;]{0,80}?\b(?:to|until|till|for)\b"
)
NOT_BEFORE = re.compile(
    r"(?:\b(?:last|since|past|until|till|through|ending|ended|Since|Last|previous|Agenda|Vision|Strategy|Expo|Programme|Program)\s+"
    r"|\b(?:19|20)\d\d\s*(?:-|–|to|and)\s*|\b(?:dated|Resolution|Decree|No\.|said|told\s+\w+|stated|announced|reported|confirmed|added|issued)\s+(?:on\s+)?)$"
)
YEAR_BEFORE = re.compile(r"\b(?:in|during|throughout|by|In|By|During)\s+$")

KINDS = (
    ("two-plus-two", re.compile(r"[“\"(]?2\s?\+\s?2\b|two-plus-two")),
    ("summit", re.compile(r"\b[Ss]ummit\b")),
    ("forum", re.compile(r"\bForum\b|\bforum\b")),
    ("election", re.compile(r"\b[Ee]lections?\b|\breferendum\b")),
    ("exercise", re.compile(r"\b(?:military|naval|joint)\s+(?:exercises?|drills?)\b|\b[Ee]xercises?\b")),
    ("conference", re.compile(r"\b[Cc]onference\b|\b[Ss]ymposium\b|\b[Ss]eminar\b|\b[Ww]orkshop\b|\b[Ww]ebinar\b")),
    ("council", re.compile(r"\bCouncil\b|\bCommittee\b|\bCommission\b|\bAssembly\b|\b[Ss]ession\b")),
    ("consultation", re.compile(r"\b[Cc]onsultations?\b|\b[Dd]ialogue\b")),
    ("talks", re.compile(r"\b[Tt]alks\b|\b[Nn]egotiations?\b|\b[Dd]iscussions?\b|\b[Mm]eetings?\b|\bmeets?\b")),
    ("visit", re.compile(r"\b[Vv]isit(?:s|ed|ing)?\b|\btrip\b|\btravels?\b")),
    ("deadline", re.compile(r"\b[Dd]eadline\b|\bno later than\b|\bapplications?\b|\bsubmit")),
)
NAMED = re.compile(
    r"(?:[A-Z][\w’'-]+\s+(?:(?:of|for|on|and|the|in)\s+)?){1,7}(?:Forum|Summit|Meeting|Council|Conference|Committee|"
    r"Commission|Dialogue|Consultations?|Assembly|Games|Exhibition|Session|Talks)\b"
    r"(?:\s+(?:on|of|for)\s+(?:[A-Z][\w’'-]+\s*(?:(?:of|for|and|the)\s+(?=(?:the\s+)?[A-Z]))*){1,6})?"
)
_STOP = (
    r"(?!"
    + M
    + r"\b|The\b|This\b|Autumn|Spring|Summer|Winter|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
)
PLACE = re.compile(
    r"\b(?:in|at|to|In|At|[Vv]isit(?:s|ing)?)\s+(?:the\s+)?("
    + _STOP
    + r"[A-Z][\w’'-]+(?:[ -]"
    + _STOP
    + r"[A-Z][\w’'-]+){0,2})"
)
WHO = re.compile(
    r"\b(?:(?:Prime|Foreign|Defen[cs]e|Deputy|First|Vice|Senior|Finance|Trade|Energy|Economy|Acting|Mr|Ms|Mrs|Dr)\.?\s+)*"
    r"(?:Presidents?|Ministers?|Chancellor|Chair(?:man|woman|person)|Secretar(?:y|ies)(?:[- ]General)?|Ambassador|"
    r"Commissioner|Director|Governor|King|Emperor|Pope|Mr\.|Ms\.|Mrs\.|Prime\s+Minister)\s+((?:[A-Z][\w’'-]+\s?){1,3})"
    r"|\b((?:[A-Z][a-z’'-]+\s){1,2}[A-Z][a-z’'-]+),\s+(?:[A-Z][a-z]+\s)*(?:Minister|President|Chair\w*|Secretary|Chief)"
)
