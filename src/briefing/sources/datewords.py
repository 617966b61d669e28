"""Names of months and abbreviations of time zones, for `dates`."""

from __future__ import annotations

import re
import unicodedata

# One line a month, January first; each with the forms in which it stands in a date.
_MONTHS = {
    "en": "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug|september sept sep|"
    "october oct|november nov|december dec",
    "ru": "январь января янв|февраль февраля фев февр|март марта мар|апрель апреля апр|май мая|июнь июня июн|"
    "июль июля июл|август августа авг|сентябрь сентября сен сент|октябрь октября окт|ноябрь ноября ноя нояб|"
    "декабрь декабря дек",
    "uk": "січень січня січ|лютий лютого лют|березень березня бер|квітень квітня квіт|травень травня трав|"
    "червень червня черв|липень липня лип|серпень серпня серп|вересень вересня вер|жовтень жовтня жовт|"
    "листопад листопада лист|грудень грудня груд",
    "be": "студзень студзеня|люты лютага|сакавік сакавіка|красавік красавіка|травень траўня мая|чэрвень чэрвеня|"
    "ліпень ліпеня|жнівень жніўня|верасень верасня|кастрычнік кастрычніка|лістапад лістапада|снежань снежня",
    "bg": "януари ян|февруари|март|април|май|юни|юли|август|септември|октомври|ноември|декември",
    "sr": "јануар januar jan|фебруар februar feb|март mart mar|април april apr|мај maj|јун jun juni|јул jul juli|"
    "август avgust avg|септембар septembar sep|октобар oktobar okt|новембар novembar nov|децембар decembar dec",
    "mk": "јануари|февруари|март|април|мај|јуни|јули|август|септември|октомври|ноември|декември",
    "de": "januar jänner jan|februar feber feb|märz mär mrz maerz|april apr|mai|juni jun|juli jul|august aug|"
    "september sept sep|oktober okt|november nov|dezember dez",
    "fr": "janvier janv jan|février fevrier févr fevr fév|mars|avril avr|mai|juin|juillet juil|août aout|"
    "septembre sept|octobre oct|novembre nov|décembre decembre déc dec",
    "es": "enero ene|febrero feb|marzo mar|abril abr|mayo may|junio jun|julio jul|agosto ago|septiembre setiembre sept "
    "sep set|octubre oct|noviembre nov|diciembre dic",
    "it": "gennaio gen|febbraio feb|marzo mar|aprile apr|maggio mag|giugno giu|luglio lug|agosto ago|"
    "settembre sett set|ottobre ott|novembre nov|dicembre dic",
    "pt": "janeiro jan|fevereiro fev|março marco mar|abril abr|maio mai|junho jun|julho jul|agosto ago|"
    "setembro set|outubro out|novembro nov|dezembro dez",
    "pl": "styczeń stycznia sty|luty lutego lut|marzec marca mar|kwiecień kwietnia kwi|maj maja|czerwiec czerwca cze|"
    "lipiec lipca lip|sierpień sierpnia sie|wrzesień września wrz|październik października paź|"
    "listopad listopada lis|grudzień grudnia gru",
    "cs": "leden ledna led|únor února úno|březen března bře|duben dubna dub|květen května kvě|červen června čvn|"
    "červenec července čvc|srpen srpna srp|září zář|říjen října říj|listopad listopadu lis|prosinec prosince pro",
    "sk": "január januára|február februára|marec marca|apríl apríla|máj mája|jún júna|júl júla|august augusta|"
    "september septembra|október októbra|november novembra|december decembra",
    "hr": "siječanj siječnja|veljača veljače|ožujak ožujka|travanj travnja|svibanj svibnja|lipanj lipnja|"
    "srpanj srpnja|kolovoz kolovoza|rujan rujna|listopad listopada|studeni studenoga|prosinac prosinca",
    "sl": "januar januarja|februar februarja|marec marca|april aprila|maj maja|junij junija|julij julija|"
    "avgust avgusta|september septembra|oktober oktobra|november novembra|december decembra",
    "nl": "januari jan|februari feb|maart mrt|april apr|mei|juni jun|juli jul|augustus aug|september sep|"
    "oktober okt|november nov|december dec",
    "sv": "januari jan|februari feb|mars|april apr|maj|juni jun|juli jul|augusti aug|september sep|oktober okt|"
    "november nov|december dec",
    "da": "januar jan|februar feb|marts mar|april apr|maj|juni jun|juli jul|august aug|september sep|oktober okt|"
    "november nov|december dec",
    "no": "januar jan|februar feb|mars mar|april apr|mai|juni jun|juli jul|august aug|september sep|oktober okt|"
    "november nov|desember des",
    "fi": "tammikuu tammikuuta|helmikuu helmikuuta|maaliskuu maaliskuuta|huhtikuu huhtikuuta|toukokuu toukokuuta|"
    "kesäkuu kesäkuuta|heinäkuu heinäkuuta|elokuu elokuuta|syyskuu syyskuuta|lokakuu lokakuuta|"
    "marraskuu marraskuuta|joulukuu joulukuuta",
    "et": "jaanuar|veebruar|märts|aprill|mai|juuni|juuli|august|september|oktoober|november|detsember",
    "lv": "janvāris janvārī|februāris februārī|marts martā|aprīlis aprīlī|maijs maijā|jūnijs jūnijā|jūlijs jūlijā|"
    "augusts augustā|septembris septembrī|oktobris oktobrī|novembris novembrī|decembris decembrī",
    "lt": "sausis sausio|vasaris vasario|kovas kovo|balandis balandžio|gegužė gegužės|birželis birželio|"
    "liepa liepos|rugpjūtis rugpjūčio|rugsėjis rugsėjo|spalis spalio|lapkritis lapkričio|gruodis gruodžio",
    "hu": "január jan|február feb febr|március márc|április ápr|május máj|június jún|július júl|augusztus aug|"
    "szeptember szept|október okt|november nov|december dec",
    "ro": "ianuarie ian|februarie feb|martie mar|aprilie apr|mai|iunie iun|iulie iul|august aug|septembrie sept|"
    "octombrie oct|noiembrie noi|decembrie dec",
    "el": "ιανουάριος ιανουαρίου ιαν|φεβρουάριος φεβρουαρίου φεβ|μάρτιος μαρτίου μαρ|απρίλιος απριλίου απρ|"
    "μάιος μαΐου μάης μάη μαι|ιούνιος ιουνίου ιουν|ιούλιος ιουλίου ιουλ|αύγουστος αυγούστου αυγ|"
    "σεπτέμβριος σεπτεμβρίου σεπ|οκτώβριος οκτωβρίου οκτ|νοέμβριος νοεμβρίου νοε|δεκέμβριος δεκεμβρίου δεκ",
    "tr": "ocak oca|şubat şub|mart mar|nisan nis|mayıs may|haziran haz|temmuz tem|ağustos ağu|eylül eyl|ekim eki|"
    "kasım kas|aralık ara",
    "az": "yanvar|fevral|mart|aprel|may|iyun|iyul|avqust|sentyabr|oktyabr|noyabr|dekabr",
    "kk": "қаңтар|ақпан|наурыз|сәуір|мамыр|маусым|шілде|тамыз|қыркүйек|қазан|қараша|желтоқсан",
    "id": "januari jan|februari feb|maret mar mac|april apr|mei|juni jun|juli julai jul|agustus agu ogos|"
    "september sep|oktober okt|november nov|desember des",
    "ca": "gener|febrer|març|abril|maig|juny|juliol|agost|setembre|octubre|novembre|desembre",
    "ka": "იანვარი იანვარს|თებერვალი თებერვალს|მარტი მარტს|აპრილი აპრილს|მაისი მაისს|ივნისი ივნისს|ივლისი ივლისს|"
    "აგვისტო აგვისტოს|სექტემბერი სექტემბერს|ოქტომბერი ოქტომბერს|ნოემბერი ნოემბერს|დეკემბერი დეკემბერს",
    "hy": "հունվար հունվարի|փետրվար փետրվարի|մարտ մարտի|ապրիլ ապրիլի|մայիս մայիսի|հունիս հունիսի|հուլիս հուլիսի|"
    "օգոստոս օգոստոսի|սեպտեմբեր սեպտեմբերի|հոկտեմբեր հոկտեմբերի|նոյեմբեր նոյեմբերի|դեկտեմբեր դեկտեմբերի",
    "sq": "janar|shkurt|mars|prill|maj|qershor|korrik|gusht|shtator|tetor|nëntor|dhjetor",
    "ar": "يناير جانفي|فبراير شباط فيفري|مارس آذار اذار|أبريل ابريل إبريل نيسان أفريل|مايو أيار ايار ماي|"
    "يونيو يونيه حزيران جوان|يوليو يوليه تموز جويلية يوليوز|أغسطس اغسطس آب أوت غشت|سبتمبر أيلول ايلول شتنبر|"
    "أكتوبر اكتوبر|نوفمبر نونبر|ديسمبر دجنبر",
    "he": "ינואר בינואר|פברואר בפברואר|מרץ במרץ מרס במרס|אפריל באפריל|מאי במאי|יוני ביוני|יולי ביולי|אוגוסט באוגוסט|"
    "ספטמבר בספטמבר|אוקטובר באוקטובר|נובמבר בנובמבר|דצמבר בדצמבר",
    "hi": "जनवरी|फरवरी फ़रवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर सितम्बर|अक्टूबर अक्तूबर|नवंबर नवम्बर|दिसंबर दिसम्बर",
    "bn": "জানুয়ারি জানুয়ারী|ফেব্রুয়ারি ফেব্রুয়ারী|মার্চ|এপ্রিল|মে|জুন|জুলাই|আগস্ট|সেপ্টেম্বর|অক্টোবর|নভেম্বর|ডিসেম্বর",
    "ur": "جنوری|فروری|مارچ|اپریل|مئی|جون|جولائی|اگست|ستمبر|اکتوبر|نومبر|دسمبر",
    "ta": "ஜனவரி|பிப்ரவரி|மார்ச்|ஏப்ரல்|மே|ஜூன்|ஜூலை|ஆகஸ்ட்|செப்டம்பர்|அக்டோபர்|நவம்பர்|டிசம்பர்",
    "lo": "ມັງກອນ|ກຸມພາ|ມີນາ|ເມສາ|ພຶດສະພາ|ມິຖຸນາ|ກໍລະກົດ|ສິງຫາ|ກັນຍາ|ຕຸລາ|ພະຈິກ|ທັນວາ",
    "tg": "январи|феврали|марти|апрели|майи|июни|июли|августи|сентябри|октябри|ноябри|декабри",
    "uz": "yanvar|fevral|mart|aprel|may|iyun|iyul|avgust|sentabr sentyabr|oktabr oktyabr|noyabr|dekabr",
    "tl": "enero|pebrero|marso|abril|mayo|hunyo|hulyo|agosto|setyembre|oktubre|nobyembre|disyembre",
    "sw": "januari|februari|machi|aprili|mei|juni|julai|agosti|septemba|oktoba|novemba|desemba",
    "th": "มกราคม ม.ค|กุมภาพันธ์ ก.พ|มีนาคม มี.ค|เมษายน เม.ย|พฤษภาคม พ.ค|มิถุนายน มิ.ย|กรกฎาคม ก.ค|สิงหาคม ส.ค|"
    "กันยายน ก.ย|ตุลาคม ต.ค|พฤศจิกายน พ.ย|ธันวาคม ธ.ค",
}
# Of the Levant's names four are of two words; each with the name that takes its place.
LEVANTINE = {
    "كانون الثاني": "يناير", "تشرين الأول": "أكتوبر", "تشرين الاول": "أكتوبر", "تشرين الثاني": "نوفمبر",
    "كانون الأول": "ديسمبر", "كانون الاول": "ديسمبر",
}  # fmt: skip
_GREEK = re.compile("[\u0370-\u03ff]")


def month_key(word: str) -> str:
    """The form in which a month's name is looked up: case folded, Turkish `İ` and `ı` one, Greek without accents."""
    key = word.casefold().strip(".’'\"").replace("i\u0307", "i").replace("ı", "i")
    if not _GREEK.search(key):
        return key
    return "".join(sign for sign in unicodedata.normalize("NFD", key) if not unicodedata.combining(sign))


def _table(line: str) -> dict[str, int]:
    # In the form that dates are read in.
    whole = unicodedata.normalize("NFKC", line)
    return {month_key(form): number for number, forms in enumerate(whole.split("|"), start=1) for form in forms.split()}


MONTHS: dict[str, dict[str, int]] = {language: _table(line) for language, line in _MONTHS.items()}


def _shared() -> dict[str, int]:
    """Names that mean one month whatever the language: `listopad` (October or November) is not among them."""
    meanings: dict[str, set[int]] = {}
    for table in MONTHS.values():
        for form, number in table.items():
            meanings.setdefault(form, set()).add(number)
    return {form: numbers.pop() for form, numbers in meanings.items() if len(numbers) == 1}


ANY_LANGUAGE = _shared()

# Minutes east of UTC. Where an abbreviation has several meanings the source's own zone decides first.
OFFSETS = {
    "Z": 0, "UTC": 0, "GMT": 0, "UT": 0, "WET": 0, "WEST": 60, "BST": 60, "CET": 60, "MEZ": 60, "CEST": 120,
    "MESZ": 120, "EET": 120, "EEST": 180, "MSK": 180, "МСК": 180, "MSD": 240, "TRT": 180, "SAST": 120, "CAT": 120,
    "WAT": 60, "EAT": 180, "AST": -240, "ADT": -180, "IDT": 180, "IRST": 210, "GST": 240, "SAMT": 240, "AZT": 240,
    "AMT": 240, "GET": 240, "PKT": 300, "UZT": 300, "YEKT": 300, "IST": 330, "NPT": 345, "ALMT": 300, "BDT": 360,
    "OMST": 360, "KGT": 360, "ICT": 420, "WIB": 420, "NOVT": 420, "KRAT": 420, "HKT": 480, "SGT": 480, "MYT": 480,
    "PHT": 480, "WITA": 480, "AWST": 480, "IRKT": 480, "ULAT": 480, "JST": 540, "KST": 540, "WIT": 540, "YAKT": 540,
    "ACST": 570, "ACDT": 630, "AEST": 600, "AEDT": 660, "VLAT": 600, "MAGT": 660, "SAKT": 660, "PETT": 720,
    "NZST": 720, "NZDT": 780, "NST": -210, "NDT": -150, "BRT": -180, "ART": -180, "CLT": -240, "EST": -300,
    "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420, "AKST": -540,
    "AKDT": -480, "HST": -600, "COT": -300, "PET": -300,
}  # fmt: skip

ERAS = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "民國": 1911, "民国": 1911}
ERA_LENGTHS = {"明治": 45, "大正": 15, "昭和": 64, "平成": 31}
ERA_LETTERS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
