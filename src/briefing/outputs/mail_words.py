"""What stands around a document in a mail: where to read it on the web, why it came, and how to get no more of it.

In the reader's language where we have its words, else in English; never in pictures, never counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from briefing.outputs.columns import WIDTH, wrapped
from briefing.text import one_line

_SANS = "font-family:Arial,Helvetica,sans-serif;font-size:14px;line-height:1.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The sentences of a language. `{}` stands for a number, a title or an address."""

    web: str
    because: str
    yours: str
    change: str
    leave: str
    cut: str
    topics: str
    confirm: str
    confirm_subject: str
    ignore: str
    erratum: str


WORDS = {
    "en": Words(
        web="Read on the web",
        because="{address} is on the list of “{title}”; that is why this came.",
        yours="The lines below are yours alone: leave them out when you pass this on.",
        change="Change what you get",
        leave="Leave the list",
        cut="This mail ends here, because mail programs cut longer ones. Left out: {parts}. All of it is on the web, "
        "and in the plain text of this mail.",
        topics="This mail holds the parts on your topics ({topics}): {kept} of {all} items. Their numbers are those of "
        "the whole issue.",
        confirm="Somebody, most likely you, asked for “{title}” to be sent to {address}. Nothing comes before you "
        "confirm it here, within two days:",
        confirm_subject="Please confirm: {title}",
        ignore="If that was not you, do nothing: nothing will be sent.",
        erratum="What an item said that {period} cites has changed since.",
    ),
    "de": Words(
        web="Im Web lesen",
        because="{address} steht auf der Liste von „{title}“, deshalb kam diese Mail.",
        yours="Die Zeilen darunter gelten nur Ihnen: Lassen Sie sie weg, wenn Sie dies weiterleiten.",
        change="Ändern, was Sie bekommen",
        leave="Die Liste verlassen",
        cut="Diese Mail endet hier, weil Mailprogramme längere abschneiden. Es fehlen: {parts}. Alles steht im Web und "
        "im Textteil dieser Mail.",
        topics="Diese Mail enthält die Teile zu Ihren Themen ({topics}): {kept} von {all} Beiträgen. Die Nummern sind "
        "die der ganzen Ausgabe.",
        confirm="Jemand, wahrscheinlich Sie, hat „{title}“ für {address} bestellt. Es kommt nichts, bevor Sie es hier "
        "innerhalb von zwei Tagen bestätigen:",
        confirm_subject="Bitte bestätigen: {title}",
        ignore="Wenn Sie das nicht waren, tun Sie nichts: Dann wird nichts verschickt.",
        erratum="Was ein Beitrag sagte, den {period} anführt, hat sich seither geändert.",
    ),
    "fr": Words(
        web="Lire sur le web",
        because="{address} figure sur la liste de « {title} » : voilà pourquoi vous recevez ceci.",
        yours="Les lignes ci-dessous ne sont qu’à vous : retirez-les si vous transmettez ce message.",
        change="Changer ce que vous recevez",
        leave="Quitter la liste",
        cut="Ce message s’arrête ici, car les logiciels de messagerie coupent les plus longs. Il manque : {parts}. "
        "Tout se trouve sur le web et dans la partie texte de ce message.",
        topics="Ce message contient les parties sur vos sujets ({topics}) : {kept} articles sur {all}. Les numéros "
        "sont ceux du numéro entier.",
        confirm="Quelqu’un, sans doute vous, a demandé l’envoi de « {title} » à {address}. Rien ne viendra avant que "
        "vous ne le confirmiez ici, dans les deux jours :",
        confirm_subject="À confirmer : {title}",
        ignore="Si ce n’était pas vous, ne faites rien : rien ne sera envoyé.",
        erratum="Ce que disait un texte cité par {period} a changé depuis.",
    ),
    "ru": Words(
        web="Читать на сайте",
        because="{address} есть в списке рассылки «{title}», поэтому пришло это письмо.",
        yours="Строки ниже предназначены только вам: уберите их, если пересылаете письмо.",
        change="Изменить, что вы получаете",
        leave="Отписаться",
        cut="Письмо кончается здесь, потому что почтовые программы обрезают более длинные. Не вошло: {parts}. Всё есть "
        "на сайте и в текстовой части этого письма.",
        topics="В этом письме то, что относится к вашим темам ({topics}): {kept} из {all} материалов. Номера те же, "
        "что в полном выпуске.",
        confirm="Кто-то, скорее всего вы, просил присылать «{title}» на {address}. Ничего не придёт, пока вы не "
        "подтвердите это здесь в течение двух дней:",
        confirm_subject="Подтвердите: {title}",
        ignore="Если это были не вы, ничего не делайте: писем не будет.",
        erratum="Текст, на который ссылается выпуск {period}, с тех пор изменился.",
    ),
    "ja": Words(
        web="ウェブで読む",
        because="{address} が「{title}」の配信先に登録されているため、お送りしています。",
        yours="以下の行はあなた専用です。転送する際は削除してください。",
        change="受け取る内容を変更する",
        leave="配信を停止する",
        cut="これより長いメールは途中で切られるため、ここまでとします。"
        "省略した部分：{parts}。全文はウェブとこのメールのテキスト部分にあります。",
        topics="このメールには、ご希望のトピック（{topics}）に関する部分"
        "（全{all}件中{kept}件）を収めています。番号は全体版と同じです。",
        confirm="「{title}」を {address} に送るよう申し込みがありました。"
        "二日以内に次のページで確認されるまで、何も送られません。",
        confirm_subject="ご確認ください：{title}",
        ignore="お心当たりがなければ、何もなさらないでください。何も送られません。",
        erratum="{period} 号が引用した記事の内容が、その後変更されました。",
    ),
}


def words(language: str) -> Words:
    """The sentences of a language, the English ones where there are none."""
    return WORDS.get(language, WORDS["en"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What a mail says of itself: the language of these words, where it lies on the web, the list's title, a note."""

    language: str
    archived: str
    title: str
    note: str = ""

    @property
    def _said(self) -> Words:
        return words(self.language)

    @property
    def _lang(self) -> str:
        return self.language if self.language in WORDS else "en"

    def text(self, body: str) -> tuple[str, str]:
        """A document in plain text with where it lies on the web first and last; the reader's lines go between."""
        first = [f"{self._said.web}:", self.archived, ""]
        note = [*wrapped(self.note), ""] if self.note else []
        return "\n".join([*first, *note, body.rstrip(), "", ""]), "\n".join(["", f"{self._said.web}:", self.archived])

    def cut(self, parts: str) -> str:
        """That parts are left out."""
        return self._said.cut.format(parts=parts)

    def html(self, opening: str, body: str, closing: str) -> tuple[str, str]:
        """The same for HTML that is cut at the beginning and the end of what its body holds."""
        link = f'<a href="{escape(self.archived)}">{escape(self._said.web)}</a>'
        note = self._paragraph(escape(self.note)) if self.note else ""
        web = self._paragraph(link) if self.archived else ""
        rule = "<hr>\n" if self.archived else ""
        return f"{opening}\n{web}\n{note}{body}\n{rule}", f"{web}\n{closing}"

    def _paragraph(self, inside: str) -> str:
        return f'<p lang="{self._lang}" style="{_SANS}">{inside}</p>\n'

    def own_text(self, address: str, preferences: str, leave: str) -> str:
        """A reader's own lines; none where there is nothing to leave."""
        if not leave:
            return ""
        said = self._said
        because = said.because.format(address=address, title=one_line(self.title))
        lines = ["-" * WIDTH, *wrapped(because), "", *wrapped(said.yours), ""]
        for label, url in ((said.change, preferences), (said.leave, leave)):
            lines += [f"{label}:", url] if url else []
        return "\n".join(lines) + "\n"

    def own_html(self, address: str, preferences: str, leave: str) -> str:
        """The same in HTML."""
        if not leave:
            return ""
        said = self._said
        because = escape(said.because.format(address=address, title=one_line(self.title)))
        ways = [(said.change, preferences), (said.leave, leave)]
        links = " · ".join(f'<a href="{escape(url)}">{escape(label)}</a>' for label, url in ways if url)
        return f"{self._paragraph(f'{because} {escape(said.yours)}')}{self._paragraph(links)}"
