"""Dates ahead in Russian."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from briefing.observe.ahead import spans
from briefing.observe.ahead.rules import Rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from briefing.observe.ahead.rules import Clue, Found
    from briefing.observe.ahead.spans import Between, Span

_STEMS = ("январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр")
_M = (
    r"(?:январ[яьею]|феврал[яьею]|март[ае]?|апрел[яьею]|ма[йяе]|июн[яьею]|июл[яьею]|август[ае]?|сентябр[яьею]|"
    r"октябр[яьею]|ноябр[яьею]|декабр[яьею])"
)
_Y = (
    r"(?:\s+(?P<y>20\d\d|19\d\d|(?:этого|текущего|нынешнего|сего|с\.|т\.|следующего|будущего|прошлого|минувшего))"
    r"(?:\s*(?:года|год|году|г\.?))?(?!\w))?"
)
_D = r"[0-3]?\d(?:-?(?:го|е|ого))?"
_TO = r"\s*(?:-|–|—|и|по|до)\s*"
_SEASON = r"(?P<season>весн|лет|осен|зим)(?:ой|ом|ью|у|а|о|ы|и|ь)"
_SEASONS = {"весн": "spring", "лет": "summer", "осен": "autumn", "зим": "winter"}
_PART = (
    r"(?P<part>начал[еауо]|конец|середин[еуы]|конц[еау]|концом|перв(?:ой|ую|ая)\s+половин[еуы]|втор(?:ой|ую|ая)\s+половин[еуы]|"
    r"перв(?:ой|ых)\s+(?:декаде|числах|неделе)|последн(?:их|ей)\s+(?:числах|неделе|декаде)|(?:двадцатых|десятых)\s+числах|втор(?:ой|ую)\s+декад[еу])"
)
_WEEKDAYS = ("понедельник", "вторник", "сред", "четверг", "пятниц", "суббот", "воскресень")
_NUMBERS = {
    "две": 2, "два": 2, "двух": 2, "три": 3, "трех": 3, "трёх": 3, "четыре": 4, "четырех": 4, "четырёх": 4, "пять": 5,
    "пяти": 5, "шесть": 6, "шести": 6, "семь": 7, "семи": 7, "восемь": 8, "восьми": 8, "девять": 9, "десять": 10,
    "десяти": 10, "двенадцать": 12, "пятнадцать": 15, "двадцать": 20, "тридцать": 30, "тридцати": 30, "пару": 2,
}  # fmt: skip
_THAT_YEAR = r"(?P<y>20\d\d|этого|текущего|нынешнего|сего|следующего|будущего|прошлого)\s*(?:года|году|год|г\.)"

HINT = re.compile(
    r"20\d\d|\b(?:" + _M + r"|завтра|послезавтра|ближайш\w+|следующ\w+|будущ\w+|предстоящ\w+|весной|летом|осенью|зимой|"
    r"квартал\w*|весн[ау]|лето|осень|зим[ау]|года|году|месяц\w*|недел\w+|до\s+конца|в\s+конце|через|дн(?:и|я|ей)|выходные|выходных|понедельник|вторник|сред[уа]|четверг|пятниц[уа]|суббот[уа]|воскресенье)\b",
    re.IGNORECASE,
)
FUTURE = re.compile(
    r"\b(?:буд(?:ет|ут|учи)|состо(?:ится|ятся)|пройд(?:ет|ёт|ут)|прибуд(?:ет|ут)|посет(?:ит|ят)|провед(?:ет|ёт|ут)|проход\w+т\s+с|"
    r"планиру\w+|запланирован\w*|намечен\w*|намечает\w*|намерен\w*|ожида\w+|предсто\w+|собира(?:ется|ются)|"
    r"прим(?:ет|ут)|встрет(?:ится|ятся)|обсуд(?:ит|ят)|откро(?:ется|ются)|начн(?:ется|ётся|утся|ёт|ет)|заверш(?:ится|атся)|подпиш(?:ет|ут)|"
    r"должн\w+|договорил\w+\s+(?:о|об|провести|встретиться|продолжить|созвать)|услов\w+л\w+|соглас\w+л\w+|предлож\w+|приглаш\w+|пригласил\w*|"
    r"отправ(?:ится|ятся)|приед(?:ет|ут)|выступ(?:ит|ят)|рассмотр(?:ит|ят)|продолж(?:ится|атся)|вступ(?:ит|ят)|"
    r"\w{3,}(?:ует|уют)|верн(?:ется|ётся|утся|ет|ёт)|\w{3,}(?:ётся|ется|ится|утся|ются|ятся|атся)|станет|прилет(?:ит|ят)|соберут?ся|соберётся|наступ(?:ит|ят)|истека\w+|срок\w*\s+(?:подачи|представления|до)|не\s+позднее|"
    r"перенесен\w*|перенесён\w*|перенос\w*|переносится|подготовк\w+\s+(?:к|визита|встречи)|готов(?:ится|ятся)|накануне|в\s+преддверии|"
    r"сможет|смогут|хотел\w*\s+бы|надеется|рассчитыва\w+|может\s+(?:состояться|пройти|посетить|быть)|реш\w+\s+провести|"
    r"провести|созвать|посетить|принять\s+участие|объявит|представит|завершить|возобновит\w*|заверш(?:ит|ат)|выборы|"
    r"прибывает|приезжает|открывается|начинается|принимаются|подать|представить|заявки)\b",
    re.IGNORECASE,
)
# Nouns that end as past tenses do.
_NO_VERB = (
    r"(?!\w*тели\b|\w*(?:посол|генерал|адмирал|вокзал|портал|потенциал|сигнал|металл|интервал|квартал|скандал|минерал|"
    r"арсенал|трибунал|мемориал|школа|скала|шкала|село|тепло|масло|тело|стекло|мало|цели|земли|недели|роли|модели|"
    r"отрасли|мысли|торговли|доли|воли)\b)"
)
PAST = re.compile(
    r"\b(?:состоял(?:ся|ась|ось|ись)|прош(?:ел|ёл|ла|ло|ли)|проходил\w*|встретил(?:ся|ась|ись)|провел[аи]?|провёл|обсудил\w*|подписал\w*|"
    r"посетил\w*|был[аио]?|принял[аи]?|прибыл\w*|заявил\w*|открыл\w*|начал(?:ся|ась|ись|ось)|заверш(?:ил\w*|ена|ено|ены|ен)|приехал\w*|"
    r"выступил\w*|договорил\w+\s+в|рассмотрел\w*|подписан\w*|принят\w*|утвержд[её]н\w*|создан\w*|стал[аио]?|"
    r"прошл(?:ого|ом|ой|ые)|минувш\w+|истекш\w+|назад|с\s+момента|ранее|вступил\w*|произош\w+|избран\w*|родил\w+|погиб\w*|"
    r"возобновил\w*|направил\w*|(?!начало|число|дел[оа]|сил[аы]|около|стол|канал|капитал|материал|журнал|финал|филиал|персонал|протокол|угол|отдел|раздел|предел|целл)"
    + _NO_VERB
    + r"\w{2,}(?:л|ла|ло|ли|лся|лась|лось|лись)|получил\w*|вылетел\w*"
    r"|отметил\w*\s+годовщин\w*|участвовал\w*|сделал\w*|проведен\w*|проведён\w*)\b",
    re.IGNORECASE,
)
CANCELLED = re.compile(
    r"\b(?:отмен(?:ен|ён|ена|ено|ены|ил|ила|или)|не\s+состо(?:ится|ятся)|отмен[аеу]\s+(?:визита|встречи|переговоров|заседания))\b",
    re.IGNORECASE,
)
MOVED = re.compile(
    r"\b(?:перенес(?:ен|ён|ена|ено|ены|ли|ла)?|перенёс|перенос\w*|переносится)\b[^.;]{0,80}?\bна\b", re.IGNORECASE
)
NOT_BEFORE = re.compile(
    r"\b(?:с|от|после|со|прошл\w+|минувш\w+|период|начиная\s+с|с\s+\d{4}(?:\s+года)?\s+(?:по|до)|№\s*\d+\s+от)\s+$",
    re.IGNORECASE,
)
YEAR_BEFORE = re.compile(r"\b(?:в|во|на|до|к)\s+$", re.IGNORECASE)

KINDS = (
    ("two-plus-two", re.compile(r"2\s?\+\s?2|два\s+плюс\s+два", re.IGNORECASE)),
    ("summit", re.compile(r"\bсаммит\w*", re.IGNORECASE)),
    ("forum", re.compile(r"\bфорум\w*", re.IGNORECASE)),
    ("election", re.compile(r"\bвыбор(?:ы|ов|ах)\b|\bреферендум\w*", re.IGNORECASE)),
    ("exercise", re.compile(r"\bучени[яй]\b|\bманевр\w*", re.IGNORECASE)),
    ("conference", re.compile(r"\bконференци\w+|\bсеминар\w*|\bсимпозиум\w*", re.IGNORECASE)),
    (
        "council",
        re.compile(r"\bсовет\w*|\bкомитет\w*|\bкомисси\w+|\bзаседани\w+|\bсесси\w+|\bассамбле\w+", re.IGNORECASE),
    ),
    ("consultation", re.compile(r"\bконсультаци\w+|\bдиалог\w*", re.IGNORECASE)),
    ("talks", re.compile(r"\bпереговор\w*|\bвстреч\w+|\bвстрет\w+", re.IGNORECASE)),
    ("visit", re.compile(r"\bвизит\w*|\bпосе(?:тит|тят|щени\w+|тить)\b|\bпоездк\w+|\bприбудет\b", re.IGNORECASE)),
    ("deadline", re.compile(r"\bсрок\w*|\bне\s+позднее\b|\bзаявк\w+", re.IGNORECASE)),
)
NAMED = re.compile(
    r"[А-ЯЁ][а-яё]+\w*(?:\s+[а-яё]+){0,2}\s+(?:форум|саммит|конференци|совет|комисси|ассамбле|консультаци)\w*|«[^»]{3,60}»"
)
PLACE = re.compile(r"\b(?:в|во|В|Во|на)\s+((?!" + _M + r")[А-ЯЁ][а-яё]+(?:[- ][А-ЯЁ]?[а-яё]*[А-ЯЁ][а-яё]+)?)")
WHO = re.compile(
    r"(?:[Пп]резидент|[Пп]ремьер-министр|[Мм]инистр|[Гг]лав|[Пп]редседател|[Кк]анцлер|[Гг]енеральн\w+\s+секретар|[Пп]осол|[Пп]осл)\w*(?:\s+[а-яё]+){0,4}"
    r"(?:\s+[А-ЯЁ][а-яё]+(?:\s+и\s+[А-ЯЁ][а-яё]+)?)?\s+((?:[А-ЯЁ]\.\s?){1,2}[А-ЯЁ][а-яё]+|[А-ЯЁ][а-яё]+\s+[А-ЯЁ][а-яё]+)|((?:[А-ЯЁ]\.\s?){1,2}[А-ЯЁ][а-яё]+)"
)


def _month(text: str) -> int:
    text = text.lower()
    if text in _MAY:  # its stem begins March too
        return _STEMS.index("ма") + 1
    return next(number for number, stem in enumerate(_STEMS, 1) if stem != "ма" and text.startswith(stem))


_MAY = frozenset({"май", "мая", "мае"})


def _number(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _year(match: re.Match[str], today: date) -> tuple[int, bool] | None:
    said = match.groupdict().get("y")
    if not said:
        return today.year, False
    said = said.lower()
    if said.isdigit():
        return int(said), True
    if said.startswith(("прошл", "минувш")):
        return None
    return today.year + said.startswith(("следующ", "будущ")), True


def _part_name(text: str) -> str:
    text = text.lower()
    for begin, name in (
        ("перв", "first-half"),
        ("втор", "second-half"),
        ("нач", "early"),
        ("серед", "mid"),
        ("десят", "mid"),
    ):
        if text.startswith(begin):
            if "половин" in text:
                return name
            return {"first-half": "early", "second-half": "mid"}.get(name, name)
    return "late"


_DEADLINE = re.compile(r"\b(?:до|к|не\s+позднее|по)\s+$", re.IGNORECASE)


def _last_moment(before: str, told: str) -> bool:
    return bool(_DEADLINE.search(before)) or told[:3].lower() == "до "


_CLUES: dict[str, Sequence[Clue]] = {
    _M: [*((stem, None) for stem in _STEMS if stem != "ма"), ("", re.compile(r"ма(?<!\wма)[йяе]"))],
    r"20\d\d": [("20", re.compile(r"20\d\d"))],
    "месяц": [("месяц", None)],
    "недел": [("недел", None)],
    "год": [  # but not behind the number of one
        ("год", re.compile(r"год(?:(?<=\w\sгод)(?<!\d\sгод)|(?<=[^\W\d]год)|(?<=\s\sгод))")),
        ("г.", re.compile(r"г\.(?:(?<=о\sг\.)|(?<=ог\.)|(?<=\s\sг\.))")),
    ],
    "весн": [("весн", None), ("осен", None), ("зим", None), ("лет", re.compile(r"лет(?<!\wлет)[оьуаыи]"))],
    "четверг": [
        (day, None) for day in ("понедельник", "вторник", "среду", "четверг", "пятницу", "субботу", "воскресенье")
    ],
    "через": [("через", re.compile(rf"через\s+(?:\d|{'|'.join(_NUMBERS)}|неск|полг)"))],
    "ближайш": [("ближайш", None)],
    "течени": [("течени", None)],
    "выходн": [("выходн", None)],
    "завтра": [("завтра", None)],
    "квартал": [("квартал", None)],
}

_RULES = Rules(
    _year,
    _last_moment,
    re.IGNORECASE,
    gates={
        _M: _M,
        f"(?P<d>{_D})": r"\d",
        "(?P<unit>": "месяц|недел|год|дн|дней|день",
        _THAT_YEAR: r"год|г\.",
        "квартал": "квартал",
    },
    clues=_CLUES,
)
_rule = _RULES.rule


@_rule(r"(?<![\w./-])(?P<d>[0-3]?\d)\.(?P<m>[01]\d)\.(?P<y>20\d\d)(?!\d)")
def _figures(at: Found) -> Between | None:
    return spans.day(at.year, int(at["m"]), int(at["d"]))


@_rule(rf"(?<![\w.])(?:с\s+)?(?P<d>{_D})\s+(?P<m>{_M}){_TO}(?P<e>{_D})\s+(?P<n>{_M}){_Y}")
def _over_months(at: Found) -> Between | None:
    first = spans.day(at.year, _month(at["m"]), _number(at["d"]))
    return spans.days(first, spans.day(at.year, _month(at["n"]), _number(at["e"])))


@_rule(rf"(?<![\w.])(?:с\s+)?(?P<d>{_D})(?:,\s*{_D})*{_TO}(?P<e>{_D})\s+(?P<m>{_M}){_Y}")
def _some_days(at: Found) -> Between | None:
    month = _month(at["m"])
    first, last = (spans.day(at.year, month, _number(at[name])) for name in ("d", "e"))
    return spans.days(first, last) if first and last and first <= last else None


@_rule(rf"(?<![\w.:])(?P<d>{_D})\s+(?P<m>{_M})(?!\w){_Y}")
def _day(at: Found) -> Between | None:
    return spans.day(at.year, _month(at["m"]), _number(at["d"]))


@_rule(rf"\b{_PART}\s+(?P<m>{_M})(?!\w){_Y}")
def _third(at: Found) -> Between | None:
    return spans.third(at.year, _month(at["m"]), _part_name(at["part"]))


@_rule(rf"\b{_PART}\s+(?P<unit>(?:следующего|будущего)\s+месяца|(?:этого\s+|текущего\s+)?месяца)\b", counted=True)
def _third_of_month(at: Found) -> Between | None:
    ahead = at["unit"].lower().startswith(("следующ", "будущ"))
    return spans.third(*spans.month_ahead(at.today, int(ahead)), _part_name(at["part"]))


@_rule(rf"\b(?P<m>{_M}){_TO}(?P<n>{_M})(?!\w){_Y}")
def _months(at: Found) -> Between | None:
    found = spans.days(spans.month(at.year, _month(at["m"])), spans.month(at.year, _month(at["n"])))
    return (found[0], found[1], "months") if found else None


@_rule(rf"\b{_PART}\s+{_THAT_YEAR}")
def _part_of_year(at: Found) -> Between | None:
    name = _part_name(at["part"])
    return spans.part(at.year, "end" if at["part"].lower().startswith("конц") else name)


@_rule(r"\b(?:до|к|в)\s+конц[ауе]\s+года\b(?!\s+\d)", counted=True)
def _year_end(at: Found) -> Between | None:
    return spans.part(at.today.year, "end")


@_rule(
    rf"\b(?:(?P<roman>IV|III|II|I|[1-4])(?:-м|-й|-ом)?|(?P<n>перв|втор|треть|четверт)\w*)\s+квартал[еау]?\s+{_THAT_YEAR}"
)
def _quarter(at: Found) -> Between | None:
    named = {"перв": 1, "втор": 2, "треть": 3, "четверт": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
    said = (at["roman"] or at["n"]).lower()
    return spans.part(at.year, f"q{named.get(said, said)}")


@_rule(rf"\b{_SEASON}\s+{_THAT_YEAR}")
@_rule(r"\b(?P<season>весн|лет|осен|зим)(?:ой|ом|ью)\b(?!\s+(?:прошл|минувш|19|20))")
def _season(at: Found) -> Between | None:
    return spans.season(at.year, _SEASONS[at["season"].lower()])


@_rule(
    r"\b(?:на\s+|в\s+)?(?P<what>следующ(?:ей|ем)|будущ(?:ей|ем))\s+(?P<unit>недел[еи]|месяце|году)\b",
    own=True,
)
@_rule(r"\bчерез\s+(?:одну\s+|один\s+)?(?P<unit>неделю|месяц|год)\b(?!\s+(?:после|с\s|со\s|до\s|назад))", doubtful=True)
def _next(at: Found) -> Between | None:
    unit = at["unit"].lower()
    if unit.startswith("нед"):
        return spans.week(at.today, 1)
    if unit.startswith("мес"):
        return spans.month(*spans.month_ahead(at.today, 1))
    return spans.year(at.today.year + 1)


_NUMBER = r"(?P<n>\d{1,2}|" + "|".join(_NUMBERS) + ")"
_UNITS = r"(?P<unit>дн(?:я|ей)|дней|сут(?:ки|ок)|недел[иьюя]|недель|месяц(?:а|ев|ы)?)"
_OF_WHAT = r"(?!\w|\s+(?:после|с\s|со\s|до\s|назад|работ))"


def _unit(said: str) -> str:
    return {"нед": "weeks", "мес": "months"}.get(said.lower()[:3], "days")


def _count(said: str | None) -> int:
    return 1 if said is None else int(said) if said.isdigit() else _NUMBERS[said.lower()]


@_rule(rf"\bчерез\s+{_NUMBER}\s+{_UNITS}{_OF_WHAT}", doubtful=True)
def _in_so_many(at: Found) -> Between | None:
    return spans.after(at.today, _unit(at["unit"]), _count(at["n"]))


@_rule(rf"\bчерез\s+несколько\s+{_UNITS}{_OF_WHAT}", doubtful=True)
@_rule(rf"\b(?:в|на|за)\s+(?:течение\s+)?ближайши[ех]\s+{_UNITS.replace('дн(?:я|ей)', 'дн(?:и|я|ей)')}(?!\w)", own=True)
def _in_a_few(at: Found) -> Between | None:
    return spans.few(at.today, _unit(at["unit"]))


@_rule(rf"\bв\s+течение\s+(?:(?:ближайш|следующ)\w+\s+)?(?:{_NUMBER}\s+)?{_UNITS}{_OF_WHAT}", doubtful=True)
@_rule(rf"\bв\s+ближайшие\s+{_NUMBER}\s+{_UNITS}{_OF_WHAT}", own=True)
def _within(at: Found) -> Between | None:
    return spans.within(at.today, _unit(at["unit"]), _count(at["n"]))


@_rule(r"\bв\s+(?:течение\s+)?ближайш(?:ую\s+неделю|ий\s+месяц|ей\s+недели|его\s+месяца)(?!\w)", own=True)
def _within_one(at: Found) -> Between | None:
    return spans.within(at.today, "months" if "месяц" in at.match[0].lower() else "weeks", 1)


@_rule(rf"\bчерез\s+полгода\b{_OF_WHAT}", doubtful=True)
def _half_a_year(at: Found) -> Between | None:
    return spans.after(at.today, "months", 6)


@_rule(r"\b(?:до|к|в)\s+конц[ауе]\s+(?:(?:этой|текущей)\s+)?недели\b", doubtful=True)
def _end_of_week(at: Found) -> Between | None:
    return spans.rest(at.today, spans.week(at.today, 0))


@_rule(
    r"\b(?:в|на)\s+(?:эти\s+|ближайшие\s+|предстоящие\s+|(?P<next>следующие\s+))?(?:выходные|выходных)\b", doubtful=True
)
def _weekend(at: Found) -> Between | None:
    return spans.weekend(at.today, int(bool(at["next"])))


@_rule(r"\b(?P<far>послезавтра|завтра)\b", own=True)
def _tomorrow(at: Found) -> Between | None:
    found = at.today + timedelta(days=2 if at["far"].lower() == "послезавтра" else 1)
    return found, found, "day"


@_rule(
    r"\bв(?:о)?\s+(?:(?:ближайш|следующ)\w+\s+)?(?P<w>понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье)\b(?!,?\s+\d)",
    doubtful=True,
)
def _weekday(at: Found) -> Between | None:
    return spans.weekday(at.today, next(n for n, stem in enumerate(_WEEKDAYS) if at["w"].lower().startswith(stem)))


@_rule(r"\bв\s+(?:этом|текущем|нынешнем)\s+месяце\b|\bна\s+(?P<w>этой|текущей)\s+неделе\b", doubtful=True)
def _now(at: Found) -> Between | None:
    whole = spans.week(at.today, 0) if at["w"] else spans.month(at.today.year, at.today.month)
    return spans.rest(at.today, whole) if whole else None


@_rule(r"\b(?:позднее|позже)\s+в\s+этом\s+году\b|\bдо\s+конца\s+(?:этого|текущего|нынешнего)\s+года\b", own=True)
def _later(at: Found) -> Between | None:
    return spans.rest(at.today, spans.year(at.today.year))


@_rule(rf"\b(?:в|до|на|к|во)\s+(?P<m>{_M})(?!\w){_Y}")
@_rule(rf"\b(?P<m>{_M})\s+(?P<y>20\d\d)\s*(?:года|г\.)?")
def _month_name(at: Found) -> Between | None:
    return spans.month(at.year, _month(at["m"]))


@_rule(r"(?<![\w/.,-])(?P<y>20\d\d)(?:\s+(?:года|году|год|г\.))(?!\w)")
def _bare_year(at: Found) -> Between | None:
    return spans.year(at.year)


def hinted(text: str) -> bool:
    """Whether `read` may find anything in a text or in a part of it."""
    return _RULES.hinted(text)


def read(sentence: str, today: date) -> list[Span]:
    """The dates of a sentence; `today` is the day of publication."""
    return _RULES.read(sentence, today)


patterns = _RULES.patterns
