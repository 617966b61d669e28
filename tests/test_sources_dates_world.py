"""Dates as pages of many countries write them: all are of the same day, and none is read as another."""

from datetime import date, timedelta

import pytest

from briefing.sources import dates, jalali

WRITTEN = {
    "zh": ["2026年3月2日 09:30", "二〇二六年三月二日", "发布时间：2026-03-02 09:30 来源：本站", "2026/03/02"],
    "zh-TW": ["115年3月2日", "中華民國115年3月2日", "民國115年3月2日"],
    "ko": ["2026년 3월 2일", "2026. 3. 2.(월) 09:30", "2026-03-02 오후 3:30"],
    "ja": ["令和8年3月2日", "令和８年３月２日", "2026年3月2日（月）15時30分", "R8.3.2"],
    "ar": ["2 مارس 2026", "٢ مارس ٢٠٢٦", "الاثنين، 2 آذار/مارس 2026", "13 رمضان 1447 هـ الموافق 2 مارس 2026"],
    "he": ["2 במרץ 2026", "ב-2 במרס 2026", "02/03/2026 15:30"],
    "fa": ["۱۱ اسفند ۱۴۰۴", "11 اسفند 1404", "1404/12/11", "دوشنبه ۱۱ اسفند ۱۴۰۴ - ۱۵:۳۰"],
    "th": ["2 มีนาคม 2569", "วันจันทร์ที่ 2 มีนาคม พ.ศ. 2569 เวลา 15.30 น.", "02/03/2569", "2 มี.ค. 2569"],
    "el": ["Δευτέρα, 2 Μαρτίου 2026, 15:30", "2 ΜΑΡΤΙΟΥ 2026"],
    "uk": ["2 березня 2026 року", "Понеділок, 02 березня 2026, 15:30"],
    "ru": ["2 марта 2026 года", "2 МАРТА 2026", "02.03.26"],
    "hi": ["2 मार्च 2026", "०२ मार्च २०२६"],
    "bn": ["২ মার্চ ২০২৬"],
    "ur": ["2 مارچ 2026"],
    "ta": ["2 மார்ச் 2026"],
    "lo": ["2 ມີນາ 2026"],
    "mn": ["2026 оны 3 сарын 2", "2026 оны 3 дугаар сарын 2"],
    "uz": ["2026-yil 2-mart"],
    "tg": ["2 марти 2026"],
    "ms": ["2 Mac 2026"],
    "tl": ["Marso 2, 2026"],
    "sw": ["2 Machi 2026", "Machi 2, 2026"],
    "vi": ["ngày 02 tháng 3 năm 2026", "Thứ hai, 02/03/2026, 15:30 (GMT+7)"],
    "hu": ["2026. március 2."],
    "lt": ["2026 m. kovo 2 d."],
    "fi": ["2.3.2026 klo 15.30"],
}


@pytest.mark.parametrize("language", WRITTEN)
def test_a_day_is_read_as_its_country_writes_it(language):
    for raw in WRITTEN[language]:
        said = dates.understand(raw, zone=None, language=language, origin="page")
        assert said.value is not None, raw
        assert said.value[:10] == "2026-03-02", raw


@pytest.mark.parametrize(
    ("raw", "language"),
    [("1404/12/31", "fa"), ("1447/09/13", "ar"), ("30 اسفند 1404", "fa"), ("115年度3月", "zh"), ("02/03/2569", "en")],
)
def test_what_is_no_day_there_is_read_as_none(raw, language):
    assert dates.understand(raw, zone=None, language=language, origin="page").value is None


def test_iranian_years_begin_when_they_did_and_days_follow_each_other():
    # 20 March in leap years of ours, 21 in the others; 1403 was one of theirs.
    begun = {1399: (2020, 3, 20), 1400: (2021, 3, 21), 1402: (2023, 3, 21), 1403: (2024, 3, 20), 1404: (2025, 3, 21)}
    assert {year: jalali.read(f"{year}/1/1", "fa") for year in begun} == {y: date(*day) for y, day in begun.items()}
    days = [
        day
        for year in range(1390, 1410)
        for month in range(1, 13)
        for number in range(1, 32)
        if (day := jalali.read(f"{year}/{month}/{number}", "fa"))
    ]
    assert days == [days[0] + timedelta(n) for n in range(len(days))]
