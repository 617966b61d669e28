"""Places by one name in every language, so that statements in several languages can be of one meeting.

Capitals and cities where ministers meet, and countries; a Russian name is its stem.
"""

from __future__ import annotations

import re
from functools import cache

_CITIES = """
tokyo Tokyo 東京 Токио
moscow Moscow モスクワ Москв
vladivostok Vladivostok ウラジオストク Владивосток
beijing Beijing 北京 Пекин
washington Washington ワシントン Вашингтон
new-york New_York ニューヨーク Нью-Йорк
geneva Geneva ジュネーブ Женев
brussels Brussels ブリュッセル Брюссел
seoul Seoul ソウル Сеул
delhi New_Delhi ニューデリー Дели
osaka Osaka 大阪 Осак
hiroshima Hiroshima 広島 Хиросим
kyoto Kyoto 京都 Киото
sochi Sochi ソチ Сочи
saint-petersburg Saint_Petersburg サンクトペテルブルク Санкт-Петербург
paris Paris パリ Париж
berlin Berlin ベルリン Берлин
bonn Bonn ボン Бонн
london London ロンドン Лондон
rome Rome ローマ Рим
madrid Madrid マドリード Мадрид
vienna Vienna ウィーン Вен(?=[аеуыо])
warsaw Warsaw ワルシャワ Варшав
kyiv Kyiv キーウ Киев
ankara Ankara アンカラ Анкар
istanbul Istanbul イスタンブール Стамбул
astana Astana アスタナ Астан
tashkent Tashkent タシケント Ташкент
minsk Minsk ミンスク Минск
hanoi Hanoi ハノイ Хано
manila Manila マニラ Манил
jakarta Jakarta ジャカルタ Джакарт
singapore Singapore シンガポール Сингапур
bangkok Bangkok バンコク Бангкок
canberra Canberra キャンベラ Канберр
ottawa Ottawa オタワ Оттав
lima Lima リマ Лим(?=[аеуы]\\b)
hamburg Hamburg ハンブルク Гамбург
hangzhou Hangzhou 杭州 Ханчжоу
samarkand Samarkand サマルカンド Самарканд
nagato Nagato 長門 Нагато
yamaguchi Yamaguchi 山口県 Ямагут
sapporo Sapporo 札幌 Саппоро
sakhalin Sakhalin サハリン Сахалин
khabarovsk Khabarovsk ハバロフスク Хабаровск
helsinki Helsinki ヘルシンキ Хельсинки
cairo Cairo カイロ Каир
tehran Tehran テヘラン Тегеран
"""
_COUNTRIES = """
JP Japan(?:ese)? 日本|日露|日ロ|日米|日中 Япони|японск
RU Russian? ロシア|露|日ロ Росси|российск
US United_States|U\\.S\\.|American 米国|日米 США|американск
CN Chin(?:a|ese) 中国|日中 Кита|китайск
KR South_Korean? 韓国|日韓 Южн\\w+_Коре|южнокорейск
DE German[y]? ドイツ Германи|немецк
FR France|French フランス Франци|французск
GB United_Kingdom|British 英国 Великобритани|британск
IN Indian? インド Инди(?=[яеюи])|индийск
UA Ukrain(?:e|ian) ウクライナ Украин|украинск
TR T[uü]rk(?:ey|ish|iye) トルコ Турци|турецк
KZ Kazakh(?:stan)? カザフスタン Казахстан|казахстанск
IT Ital(?:y|ian) イタリア Итали|итальянск
CA Canad(?:a|ian) カナダ Канад|канадск
AU Australian? オーストラリア|豪州 Австрали|австралийск
EU European_Union EU|欧州連合 Евросоюз|Европейск\\w+_союз
"""
_LANGUAGES = {"en": 1, "ja": 2, "ru": 3}


@cache
def _table(language: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    column = _LANGUAGES[language]
    rows = [("p:", row.split()) for row in _CITIES.strip().split("\n")]
    rows += [("c:", row.split()) for row in _COUNTRIES.strip().split("\n")]
    begin, end = {"en": (r"\b", r"\b"), "ja": ("", ""), "ru": (r"\b", "")}[language]
    return tuple(
        (kind + row[0], re.compile(f"{begin}(?:{row[column].replace('_', chr(92) + 's')}){end}")) for kind, row in rows
    )


def places(text: str, language: str) -> frozenset[str]:
    """The places a text names: `p:` with a city's name, `c:` with a country's code."""
    if language not in _LANGUAGES:
        return frozenset()
    return frozenset(key for key, pattern in _table(language) if pattern.search(text))
