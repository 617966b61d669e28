"""How pages of many languages write what changes by itself: counters, ages, stamps, share bars, lists of other texts.

Expressions are matched against folded text (see `briefing.text.fold`): lower case, plain quotation marks and dashes.
"""

# ruff: noqa: E501 - expressions are tables of words, and longer lines show more of one

from __future__ import annotations

import re

NUMBER = r"\d[\d\s.,']*(?:k|m|тыс\.?|млн\.?|万|千|만|천)?\+?"

RELATED = (
    r"related (?:links?|information|articles?|content|documents?|publications?|news|topics?|posts?|pages?|stories|"
    r"reading|materials?)|related|"
    r"featured content|see also|you (?:may|might) (?:also )?(?:like|be interested in)|more (?:on this|from)|"
    r"further (?:reading|information)|"
    r"share(?: this.*)?|tags?|(?:read|also read|read this) also|also read|recommended(?: for you)?|most (?:read|popular)|"
    r"popular(?: now| posts| articles)?|trending(?: now)?|latest (?:news|posts|articles)|more (?:news|stories)|"
    r"up next|newsletter|follow us|comments?|"
    r"関連(?:リンク|情報|記事|ページ|資料|コンテンツ|ニュース)?|(?:あわせて|併せて)読みたい|こちらも(?:おすすめ|読まれています)|"
    r"おすすめ(?:の)?(?:記事|情報)?|人気(?:の)?記事|(?:アクセス|記事)?ランキング|最新記事|新着(?:記事|情報)|"
    r"この記事を(?:シェア|共有)(?:する)?|シェア(?:する)?|"
    r"читайте (?:также|ещ[ёе])|(?:материалы )?по теме|похожие (?:материалы|новости|статьи)|(?:смотрите|см\.) также|"
    r"поделиться|теги|еще по теме|другие (?:новости|материалы)|популярное|самое читаемое|последние новости|"
    r"рекомендуем(?: также)?|"
    r"читайте також|також по темі|поділитися|схожі новини|"
    r"siehe auch|lesen sie auch|mehr zum thema|weitere (?:informationen|artikel|meldungen)|verwandte artikel|teilen|"
    r"schlagwörter|meistgelesen|"
    r"(?:à|a) lire (?:aussi|également)|lire aussi|voir aussi|pour aller plus loin|articles (?:liés|associés|similaires)|"
    r"partager|sur le même sujet|les plus lus|"
    r"(?:véase|ver|lea|lee) también|(?:artículos|noticias|contenidos?) relacionad[oa]s?|compartir|etiquetas|lo más leído|"
    r"leggi anche|vedi anche|articoli correlati|condividi|i più letti|"
    r"(?:veja|leia|ver) também|(?:artigos|notícias) relacionad[oa]s|mais lidas|"
    r"partilhar|compartilhar|zobacz (?:też|także)|czytaj (?:też|także)|powiązane(?: artykuły)?|udostępnij|"
    r"lees ook|zie ook|läs också|les også|læs også|lue myös|"
    r"ilgili (?:haberler|içerikler)|paylaş|相关(?:新闻|链接|阅读|文章)|延伸阅读|推荐阅读|分享|"
    r"相關(?:新聞|連結|文章)|延伸閱讀|"
    r"관련\s?(?:기사|링크|정보)|공유(?:하기)?|اقرأ أيضا|مواضيع ذات صلة"
)
"""Headings of what stands beside a text."""

_SIGHT = (
    r"(?:page )?views?|reads|comments?|likes?|downloads?|hits|impressions|replies|reactions|retweets|"
    r"просмотр\w*|прочтени\w*|комментари\w*|лайк\w*|скачивани\w*|отзыв\w*|перегляд\w*|коментар\w*|"
    r"閲覧(?:回)?数?|アクセス(?:数|カウンター?)?|再生回数|コメント数?|いいね!?数?|シェア数?|ダウンロード数?|pv|ビュー|"
    r"阅读量?|浏览(?:次数|量)?|点击(?:次数|量)?|评论|点赞|瀏覽(?:次數|量)?|點擊(?:次數)?|留言|조회\s?수?|댓글|좋아요|추천|"
    r"aufrufe|kommentare?|gelesen|vues?|lectures|commentaires?|visualizaciones|vistas|lecturas|comentarios?|"
    r"visualizzazioni|letture|commenti|visualizações|leituras|comentários?|wyświetle(?:nia|ń|nie)|komentarz[ey]?|"
    r"komentarzy|görüntüle(?:n)?me|okunma|yorum|weergaven|reacties|visningar|kommentarer"
)
COUNTER = re.compile(
    rf"(?:(?:number of|total|количество|число|nombre de|anzahl|número de|numero di)\s+)?"
    rf"(?:{_SIGHT})(?: страницы| за сегодня| today)?\s*[:(]?\s*{NUMBER}\s*(?:回|件|人|次|条|条评论|명|개|회)?\)?|"
    rf"{NUMBER}\s*(?:(?:回|件|人|次)(?:の)?\s*)?(?:{_SIGHT}|shares?|回再生|回視聴|件|репост\w*|поделил\w*)|"
    rf"(?:no|leave a|add a|post a|0) comments?(?: yet)?|comments? (?:are )?(?:off|closed)|"
    rf"оставить комментарий|нет комментариев|комментариев(?: пока)? нет|コメント(?:する|なし|を残す|はまだありません)|"
    rf"(?:visitors?|посетител\w*|訪問者数?|来訪者数?)\s+(?:today|online|total|now|counter|сегодня|онлайн|на сайте|всего)"
    rf"\s*:?\s*{NUMBER}|"
    rf"(?:本日|今日|累計|昨日)(?:の)?(?:訪問者|来訪者|アクセス|閲覧)数?\s*:?\s*{NUMBER}\s*(?:人|件|回)?|"
    rf"(?:you are )?visitor (?:no\.?|number)?\s*{NUMBER}|あなたは{NUMBER}(?:人|番)目.{{0,20}}|"
    rf"(?:прочитал[иа]?|просмотрел[иа]?)\s*:?\s*{NUMBER}(?: (?:человек\w*|раз\w*))?|"
    rf"(?:(?:this )?(?:article|story|page|text|material|материал|статью|новость|текст|страницу) )?(?:прочитали|просмотрели|посмотрели)\s*:?\s*{NUMBER}"
    rf"(?: (?:человек\w*|раз\w*|читател\w*))?|この(?:記事|ページ)は{NUMBER}\s*(?:回|人に)(?:読まれ|閲覧され|見られ).{{0,12}}|"
    rf"{NUMBER}\s*(?:people|users|readers|visitors) (?:have |has )?(?:read|viewed|seen|shared|liked) (?:this|it)(?: \w+)?|"
    rf"(?:shared|read|viewed|seen) {NUMBER}\s*times|(?:поделились|переслали)(?: этим)?\s*:?\s*{NUMBER}(?: раз\w*)?|"
    rf"(?:poll|опрос)\s*:?\s*\d+\s?% (?:of|из) {NUMBER}\s*(?:readers|visitors|users|читател\w*|посетител\w*).{{0,20}}|"
    rf"{NUMBER}\s*(?:people|users|readers|visitors|человек\w*|пользовател\w*|人)(?:が|\s)*"
    rf"(?:are\s)?(?:(?:online|reading|viewing|watching|онлайн|читают|閲覧中|閲覧しています)(?: (?:this|now|сейчас|page))*)"
)
"""A number of views, comments and the like, and nothing else."""

GAUGE = re.compile(
    rf"(?:(?:users |visitors |now )?online(?: now)?|сейчас (?:на сайте|онлайн|читают)|онлайн|現在のオンライン|オンライン|目前在线|在线人数)"
    rf"\s*:?\s*{NUMBER}\s*(?:人|名|чел\w*\.?)?|"
    rf"{NUMBER}\s*(?:people|users|readers|visitors|человек\w*|人)\s*(?:found this (?:article |page )?(?:helpful|useful)|"
    rf"like this|liked this|сочли это полезным|が参考になった.{{0,12}})|"
    rf"(?:rating|average rating|рейтинг|оценка|評価|bewertung|note|valoración)\s*:?\s*\d[\d.,/]*(?:\s*(?:из|of|/)\s*\d+)?"
    rf"(?:\s*\(.{{0,12}}\d+.{{0,12}}\))?|{NUMBER}\s*(?:votes?|голос\w*|票|ratings?)|(?:votes?|голосов|投票数?)\s*:?\s*{NUMBER}|"
    rf"(?:listen(?: to (?:this )?(?:article|story|page))?|слушать|прослушать|(?:この)?(?:記事|音声)を聞く)\s*\(?\s*\d[\d:]*\s*(?:min\w*|мин\w*|分)?\s*\)?|"
    r"(?:local time in|(?:местное )?время в) [^\d:]{2,30}:?\s\d{1,2}:\d\d(?::\d\d)?(?: [ap]m)?|"
    r"(?:(?:[^\W\d_][\w'-]{0,25}+\s){0,2}[^\W\d_][\w'-]{0,25}+[:,]?\s)?[+−-]?\d{1,2}\s?°\s?[cf]?"
    r"(?:,?\s(?:(?:mostly|partly|light|heavy) )?(?:cloudy|clear|sunny|rain|snow|showers|overcast|fog|облачно|ясно|дождь|снег|пасмурно|туман|"
    r"晴れ?|曇り?|くもり|雨|雪))?"
)
"""Who is there now, how many liked it, what the weather is."""

_UNITS = (
    r"sec(?:ond)?s?|min(?:ute)?s?|hrs?|hours?|h|m|d|days?|weeks?|wks?|months?|mos?|years?|yrs?|"
    r"сек\w*|мин\w*|час\w*|ч|дн\w*|день|сут\w*|недел\w*|месяц\w*|лет|год\w*|хв\w*|годин\w*|ден\w*|тиж\w*"
)
AGE = re.compile(
    rf"(?:just now|moments ago|yesterday|today|(?:about |over |almost |less than )?(?:an?|one|\d+)\s*(?:{_UNITS})\.? ago|"
    rf"только что|вчера|сегодня|(?:\d+\s*)?(?:{_UNITS})\.? (?:назад|тому)|"
    r"たった今|(?:約|およそ)?\d+\s*(?:秒|分|時間|日|週間|[かヶカケ]月|年)前|刚刚|剛剛|\d+\s*(?:分钟|分鐘|小时|小時|天|周|个月|個月)前|"
    r"방금|\d+\s*(?:초|분|시간|일|주|개월|년)\s*전|"
    r"vor (?:\d+|einer|einem|wenigen) \w+|il y a (?:\d+|une?) \w+|hace (?:\d+|un[ao]?) \w+|\d+ \w+ fa|há (?:\d+|uma?) \w+|"
    r"\d+ \w+\.? temu|\d+ \w+ önce|\d+ \w+ geleden|för \d+ \w+ sedan|منذ \S+(?: \S+)?)"
)
"""How long ago something was."""

READING_TIME = re.compile(
    r"(?:estimated )?(?:reading time|read(?:ing)?|время чтения|время на чтение|читать|読了(?:時間|目安)?|この記事は|lesezeit|"
    r"temps de lecture|lecture|tiempo de lectura|tempo di lettura|czas czytania|阅读时间|읽는 시간)\s*:?\s*(?:約|about|~|ca\.)?\s*"
    r"\d+(?:\s*-\s*\d+)?\s*(?:min\w*\.?|мин\w*\.?|分(?:で読めます|程度)?|分钟|분|sec\w*|sek\w*)|"
    r"(?:about )?\d+(?:\s*-\s*\d+)?\s*-?\s*(?:min(?:ute)?s?\.?|мин\w*\.?|分)\s*(?:read|to read|reading time|на чтение|чтения|で読めます|de lecture|"
    r"de lectura|di lettura|lesezeit)"
)

_MONTHS = (
    r"jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*|"
    r"янв\w*|фев\w*|мар\w*|апр\w*|ма[йя]|июн\w*|июл\w*|авг\w*|сен\w*|окт\w*|ноя\w*|дек\w*|"
    r"januar|märz|mai|juni|juli|okt\w*|dez\w*|janv\w*|févr\w*|mars|avril|juin|juil\w*|août|déc\w*|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|de"
)
_DAYS = (
    r"mon\w*|tue\w*|wed\w*|thu\w*|fri\w*|sat\w*|sun\w*|понед\w*|вторн\w*|сред\w*|четв\w*|пятн\w*|субб\w*|воск\w*|"
    r"[пвсч][нтрб]|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|[月火水木金土日]曜日?"
)
_MOMENT = (
    rf"(?:[\s,.:/()\-+|]|\d|{_MONTHS}|{_DAYS}|st|nd|rd|th|am|pm|utc|gmt|msk|jst|ce[s]?t|[ep][ds]t|at|on|в|г|года?|ч|мин|"
    r"um|uhr|à|le|[年月日時分秒火水木金土]|午[前後]|令和|平成|元|現在|です|t|z)+"
)
STAMP = re.compile(
    r"(?:(?:this )?(?:page|document|article) )?(?:was )?(?:(?:last )?(?:updated?|modified|reviewed|changed|edited|accessed|"
    r"retrieved|visited)|printed|print date|generated|rendered|current (?:time|date)|server time|today is|today|date of (?:printing|access)|"
    r"(?:дата |время )?(?:(?:последне\w+ )?(?:обновлен\w*|изменен\w*|редакци\w*)|печати|распечатан\w*|создания страницы|обращения)|"
    r"сегодня|текущ\w+ (?:время|дата)|время сервера|страница (?:сформирована|создана|обновлена)|"
    r"最終(?:更新|アクセス|閲覧)(?:日時?)?|更新日時?|印刷日時?|出力日時?|表示日時?|本日(?:は)?|今日は|現在(?:の)?(?:日時|時刻)|最后更新|更新时间|"
    r"最後更新|최종\s?수정일?|"
    r"(?:zuletzt )?(?:aktualisiert|geändert)|stand|gedruckt|mis(?:e)? à jour|imprimé|(?:última )?actualizaci[oó]n|actualizado|"
    r"impreso|(?:ultimo )?aggiornamento|aggiornato|stampato|atualizado|(?:ostatnia )?aktualizacja|wydrukowano)"
    rf"(?: (?:on|at|am|le|el|il|em|был[ао]?|от))*\s*:?\s*(?P<moment>{_MOMENT})"
)
"""When a page was printed, generated or last updated: a date alone tells of no other text."""

GENERATED = re.compile(
    r"(?:page |страница |seite )?(?:generated|rendered|loaded|created|сгенерирована|создана|загружена|erzeugt|génér[ée]e?)"
    r"(?: in| за| en)?\s*:?\s*[\d.,]+\s*(?:s|ms|sec\w*|сек\w*|с|мс|秒)\.?(?: (?:with|using|и) \d+ \w+)?|"
    r"(?:session|request|trace|visitor|page|query|ray|incident|сессия|запрос|セッション|リクエスト)\s?(?:id|№|no\.?|#|番号)\s*[:=]?\s*[\w-]{4,}"
)
"""What a server says of its own work."""

COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright\b|copr\.|авторские права|著作権).*\d{4}|.*\d{4}.*(?:©|all rights reserved)"
)
AD = re.compile(
    r"[\[【(]?(?:advertisement|advertorial|ads?|sponsored(?: content| post| link| by)?|promoted(?: content)?|paid content|"
    r"(?:на правах )?реклам[аы]|спонсорский материал|広告|スポンサー(?:リンク|ドリンク)?|提供|pr|anzeige|werbung|publicité|annonce|"
    r"publicidad|pubblicità|publicidade|reklama|reklam|реклама|广告|廣告|광고|إعلان)[\]】)]?"
)
"""The label over an advertisement."""
AD_LINE = re.compile(
    r"(?:advertisement|advertorial|sponsored|promoted|реклама|на правах рекламы|広告|anzeige|werbung|publicité|publicidad|"
    r"pubblicità|广告|廣告|광고)\s*[:.|].{1,200}|[\[【(](?:pr|ad|広告|реклама)[\]】)].{1,200}"
)
"""An advertisement that says so."""
COMMENTS = re.compile(
    rf"(?:(?:reader |your |all )?comments?|комментарии|отзывы|обсуждение|коментарі|(?:みんなの)?コメント(?:一覧)?|kommentare|commentaires|"
    rf"comentarios|commenti|评论|留言|댓글)\s*[:(]?\s*(?:{NUMBER})?\s*件?\)?|{NUMBER}\s*(?:comments?|комментари\w*|件のコメント|replies)"
)
"""The heading over what readers said."""

_QUOTED = (
    r"usd|eur|gbp|jpy|cny|chf|rub|krw|inr|try|aud|cad|nzd|sek|nok|dkk|pln|czk|huf|kzt|uah|byn|hkd|sgd|brl|mxn|zar|aed|"
    r"us dollar|dollar|euro|pound|yen|yuan|доллар(?: сша)?|евро|юань|фунт|йена|иена|[$€£¥₽₴₸₩]|米ドル|ドル|ユーロ|ポンド|人民元|円|"
    r"brent|wti|urals|crude(?: oil)?|oil|gold|bitcoin|btc|eth|нефть|золото|биткоин|原油|金先物|"
    r"日経(?:平均)?(?:株価)?|nikkei(?: 225)?|topix|dow(?: jones)?|nyダウ|s&p(?: 500)?|nasdaq|ftse(?: 100)?|dax|cac(?: 40)?|"
    r"hang seng|kospi|moex|imoex|rts|ртс|мосбирж\w*"
)
QUOTED = re.compile(rf"(?<![^\W\d_])(?:{_QUOTED})(?![^\W\d_])|ドル|ユーロ|円")
MARKET = re.compile(
    # Atomic throughout: "crude oil" can be read in two ways, and twenty of them in a million.
    rf"(?>\s|[a-z]{{3}}/[a-z]{{3}}|[:;,|/=()·•~-]|(?<![^\W\d_])(?:{_QUOTED}|exchange|currency|rates?|markets?|stocks?|index|курсы?|валют\w*|цб(?: рф)?|бирж\w*|"
    rf"индекс\w*|на|за|руб\w*\.?|р\.|руб\.?|為替|相場|レート|株価|市況|終値|前日比|時点)|ドル|ユーロ|円|[▲▼△▽↑↓+−]|"
    rf"\d[\d\s.,]*+%?)++"
)
MOVED = re.compile(r"\d[.,]\d|[▲▼△▽↑↓]|[+−-]\s?\d[\d.,]*\s?%")
"""Exchange rates and prices of markets: made of their names, numbers and signs alone, and with a fraction or a move."""

_PHOTO = r"photos?|images?|pictures?|photographs?|фото(?:граф\w*)?|снимок|иллюстрация|写真|画像|撮影|foto|bild|crédits? photo|zdjęcie|照片|图片|사진"
CAPTION = re.compile(
    rf"(?:{_PHOTO})(?: by| credit| courtesy(?: of)?|提供)?\s*[:/©].{{1,100}}|"
    rf".{{3,140}}[.。!?)»\"]\s*\(?(?:{_PHOTO})(?: by| credit| courtesy of)?\s*[:/©][^:]{{2,60}}|"
    rf".{{2,80}}[(（](?:{_PHOTO})\s*[:=/].{{2,40}}[)）]|"
    r".{2,60}=.{1,20}(?:撮影|提供|写真)|"
    r".{3,80}\((?:archive(?: photo)?|file(?: photo)?|архив(?:ное фото)?|資料(?:写真)?)\)"
)
"""What stands below a picture, and says so."""

PLEA = re.compile(
    r"(?:we use|this (?:web)?site uses|our (?:web)?site uses|by (?:using|continuing)|мы используем|(?:этот |наш )?сайт использует|"
    r"продолжая (?:пользоваться|использовать)|当サイト(?:で)?は|このサイト(?:で)?は|本サイト(?:で)?は|"
    r"wir verwenden|diese (?:web)?s(?:e)?ite verwendet|nous utilisons|ce site utilise|utilizamos|este sitio|usiamo|questo sito|"
    r"este site|używamy|ta strona).{0,200}?(?:cooki|クッキー|файл\w+ куки|куки)|"
    r"(?:subscribe|sign up) (?:to|for) (?:our|the|a)\b.{0,60}(?:newsletter|channel|updates|mailing list|alerts).{0,60}|"
    r"follow us on .{0,60}|download our app.{0,40}|(?:please )?enable javascript.{0,60}|"
    r"подпи(?:шитесь|сывайтесь|саться) на .{0,80}(?:канал|рассылк|новост|telegram|телеграм).{0,60}|"
    r"(?:メールマガジン|メルマガ|ニュースレター|チャンネル)(?:に|を|の)?(?:登録|購読).{0,40}|フォロー(?:する|してください).{0,20}|"
    r"(?:follow|join) (?:@\w+|(?:us|our) .{0,30}(?:channel|telegram|whatsapp|group)).{0,40}|подпи(?:шитесь|сывайтесь) на @\w+.{0,40}|"
    r"@\w+を?フォロー.{0,20}|(?:line|メール|アプリ)で最新(?:情報|ニュース)を.{0,20}|"
    r"the post .{1,300} (?:appeared first on|first appeared on) .{1,120}|"
    r"(?:loading|загрузка|読み込み中|please wait|подождите)[. ]*"
)
"""What a site asks of its visitors, and how it is signed by its software."""

SHARE = frozenset(
    """share tweet facebook twitter x linkedin whatsapp telegram reddit pinterest email e-mail mail print pdf copy link
    permalink save bookmark like follow instagram youtube threads mastodon bluesky vk viber messenger pocket tumblr line rss
    поделиться твитнуть вконтакте одноклассники телеграм печать распечатать сохранить скопировать ссылку ссылка почта отправить
    версия для печати facebook фейсбук вацап ватсап дзен max нравится
    シェア シェアする ツイート ツイートする ポスト ポストする 印刷 印刷する 共有 共有する はてなブックマーク はてブ ブックマーク lineで送る
    送る 保存 保存する コピー リンクをコピー urlをコピー いいね いいね! メール メールで送る この記事をシェア この記事をシェアする
    teilen drucken partager imprimer compartir imprimir condividi stampa partilhar compartilhar udostępnij drukuj paylaş
    分享 打印 微信 微博 列印 공유 공유하기 인쇄 트위터 페이스북 링크복사""".split()  # noqa: SIM905 - a table of words reads better so
)
LOOSE_SHARE = frozenset("x line max print mail save like link copy follow rss pdf email e-mail page версия".split())  # noqa: SIM905
"""Those that mean much else: they do not tell a bar of buttons beside a number."""
BESIDE_SHARE = frozenset(
    [
        "this",
        "on",
        "via",
        "by",
        "to",
        "with",
        "page",
        "article",
        "post",
        "story",
        "the",
        "it",
        "in",
        "и",
        "в",
        "на",
        "эту",
        "страницу",
        "статью",
        "новость",
        "с",
        "по",
        "auf",
        "per",
        "sur",
        "par",
        "en",
        "を",
        "で",
    ]
)

SESSION = re.compile(
    r"(?i);jsessionid=[^?#\s]*|(?<=[?&])(?:(?:php|asp|j|cf)?sess(?:ion)?_?(?:id|key)?|sid|s_id|phpsessid|aspsessionid\w*|cfid|cftoken|"
    r"utm_\w+|fbclid|gclid|yclid|_openstat|mc_[ce]id|ref|from|ts|timestamp|nonce|token|rnd|rand|cb|_|v|cachebust\w*)=[^&#\s)\]]*&?"
)
"""The part of an address that names a visit, not a place."""

PLEADING = (
    "cooki", "куки", "クッキー", "subscri", "sign up", "подпи", "follow us", "メルマガ", "メールマガジン", "ニュースレター", "チャンネル",
    "フォロー", "javascript", "appeared on", "download our", "advert", "sponsor", "promoted", "реклам", "広告", "pr]", "pr】", "anzeige",
    "werbung", "publicit", "pubblicit", "publicidad", "广告", "廣告", "광고", "copyright", "©", "(c)", "авторские права", "著作権",
)  # fmt: skip
"""What no request, advertisement or line of rights lacks, in lower case: without it a sentence is none of them."""
STEMS = (
    "view", "read", "comment", "like", "download", "hit", "impression", "repl", "reaction", "retweet", "просмотр", "проч",
    "комментар", "лайк", "скачив", "отзыв", "перегляд", "коментар", "閲覧", "アクセス", "再生", "コメント", "いいね", "シェア",
    "ダウンロード", "pv", "ビュー", "阅读", "浏览", "点击", "评论", "点赞", "瀏覽", "點擊", "留言", "조회", "댓글", "좋아요", "추천",
    "aufruf", "gelesen", "vue", "lectur", "visuali", "vista", "lettur", "leitur", "wyświet", "komentar", "görünt", "okunma", "yorum",
    "weergav", "reacti", "visning", "kommentar", "share", "視聴", "件", "репост", "поделил", "visitor", "посетит", "人", "people",
    "users", "человек", "пользоват", " ago", "назад", "тому", "前", "전", "vor ", "il y a", "hace ", " fa", "há ", " temu", " önce",
    "geleden", " sedan", "منذ", "min", "мин", "分", "updat", "modif", "review", "chang", "edit", "access", "retriev", "visit", "print",
    "generat", "render", "current", "server", "today", "date of", "дата", "обновл", "измен", "редакц", "печат", "страниц", "обращ",
    "сегодня", "текущ", "сервер", "更新", "印刷", "出力", "表示", "本日", "今日", "現在", "수정", "aktual", "geänd", "stand", "gedruckt",
    "jour", "imprim", "actuali", "impreso", "aggiorn", "stampa", "atuali", "wydruk", "session", "request", "trace", "query", "ray",
    "incident", "сесси", "запрос", "セッション", "リクエスト", "load", "created", "созда", "загру", "erzeugt", "génér", "online",
    "онлайн", "сейчас", "オンライン", "在线", "rating", "рейтинг", "оцен", "評価", "bewert", "note", "valor", "vote", "голос", "票",
    "listen", "слуша", "聞く", "°", "tweet", "telegram", "whatsapp", "facebook", "twitter", "linkedin", "поделиться", "телеграм",
    "вконтакте", "ツイート", "ポスト", "共有", "はて", "ブックマーク", "分享", "공유", "teilen", "partager", "compart", "condivid", "paylaş",
    "читател", "読まれ", "local time", "время в", "bookmark", "reddit", "pinterest", "опубликован", "размещен", "publi", "post", "公開", "投稿", "veröff", "tiempo", "tempo", "czas",
)  # fmt: skip
"""What no noise with a number in it lacks; folded."""
