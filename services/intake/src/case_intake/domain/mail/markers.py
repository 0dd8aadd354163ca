"""Lines by which mail programs mark quoted text, in common languages.

Every pattern is tried on a line of bounded length, and has no nested repeats.
"""

import re

LONGEST = 400

_VERB = re.compile(
    r"\b(?:wrote|writes|schreef|geschreven|schrieb|a écrit|écrit|escribió|escreveu|ha scritto|"
    r"skrev|napisał|napisała|kirjoitti)\b",
    re.IGNORECASE,
)
_OPENER = re.compile(r"\s*(?:On|Op|Am|Le|El|Em|Il|Den|W dniu|Dnia)\s")
_ENDS_IN_ADDRESS = re.compile(r"@[^\s<>@]{1,200}>?\s?\*?:")
_WHEN_OR_WHO = re.compile(r"\d{1,2}[:.h]\d{2}|\S@\S|\b(?:19|20)\d\d\b")

_LABELS = {
    "from": "van|from|von|de|da|från|fra|od|lähettäjä",
    "sent": "verzonden|datum|sent|date|gesendet|envoyé|enviado|data|fecha|inviato|skickat|sendt|"
    "wysłano|dato|lähetetty",
    "to": "aan|to|an|à|para|per|a|till|til|do|cc|vastaanottaja",
    "subject": "onderwerp|subject|betreff|objet|asunto|assunto|oggetto|ämne|emne|temat|aihe",
}
_LABEL = {
    meaning: re.compile(rf"[*_\s]{{0,4}}(?:{words})\s?\*?\s?:\*?(?=\s|$)", re.IGNORECASE)
    for meaning, words in _LABELS.items()
}
_BLOCK_LINES = 8

_ORIGINAL = re.compile(
    r"\s*-{2,30}\s?(?:oorspronkelijk(?:e)? bericht|origineel bericht|original message|"
    r"ursprüngliche nachricht|original-nachricht|message d'origine|message original|"
    r"mensaje original|mensagem original|messaggio originale|ursprungligt meddelande|"
    r"oprindelig meddelelse|opprinnelig melding|wiadomość oryginalna)\s?-{2,30}\s*",
    re.IGNORECASE,
)
_RULE = re.compile(r"\s*_{32,100}\s*")
_HEADER_LIKE = re.compile(r"[\s*]{0,4}[^\W\d_][\w\s-]{0,20}\*?:\*?\s")
_FORWARDED = re.compile(
    r"[\s-]{0,40}(?:begin )?(?:doorgestuurd bericht|forwarded message|weitergeleitete nachricht|"
    r"message transféré|mensaje reenviado|messaggio inoltrato)\s?:?[\s-]{0,40}",
    re.IGNORECASE,
)
_MOBILE = re.compile(
    r"(?:sent from my |sent from (?:outlook|yahoo|mail for)|sent via |get outlook for |"
    r"verstuurd vanaf |verzonden vanaf |verstuurd via |verzonden via |verzonden met |"
    r"outlook voor (?:ios|android|mac) downloaden|download outlook voor |"
    r"von meinem .{1,40} gesendet|gesendet von |envoyé de mon |envoyé depuis |"
    r"enviado desde mi |enviado do meu |inviato da(?:l mio)? |skickat från min |"
    r"sendt fra min |wysłane z )[^.!?]{0,60}\.?(?: ?[(<]https?://[^\s()<>]{1,200}[)>])?",
    re.IGNORECASE,
)
_MOBILE_WHOLE = re.compile(r"\s*(?:" + _MOBILE.pattern + r")\s*", re.IGNORECASE)


def is_quoted(line: str) -> bool:
    """Whether a mail program marked the line as quoted."""
    return line.lstrip().startswith(">")


def is_mobile_footer(line: str) -> bool:
    """Whether the line is `Sent from my iPhone` or similar."""
    return len(line) <= LONGEST and _MOBILE_WHOLE.fullmatch(line) is not None


def is_forward_marker(line: str) -> bool:
    """Whether the line introduces a forwarded message, whose text is new."""
    return len(line) <= LONGEST and _FORWARDED.fullmatch(line) is not None


def attribution(lines: list[str], at: int) -> int:
    """The number of lines from `at` that name the author of the following text; 0 for none.

    Such lines may be wrapped, up to four. Without a marked quote below, they must contain a known
    verb and a time or an address, so that a sentence of the sender is not removed.
    """
    most = 4 if _OPENER.match(lines[at][:LONGEST]) else 1
    joined = ""
    for count, line in enumerate(lines[at : at + most], start=1):
        if len(line) > LONGEST or not line.strip() or is_quoted(line):
            return 0
        joined = f"{joined} {line.strip()}"
        if joined.endswith((":", ":*")):
            return count if _attributes(joined, lines[at + count : at + count + 3]) else 0
    return 0


def _attributes(line: str, following: list[str]) -> bool:
    before_quote = is_quoted(next((one for one in following if one.strip()), ""))
    if _VERB.search(line):
        return before_quote or _WHEN_OR_WHO.search(line) is not None
    return before_quote and _ENDS_IN_ADDRESS.search(line[-LONGEST:]) is not None


def header_block(lines: list[str], at: int) -> int:
    """The number of lines from `at` in a block like `Van: Verzonden: Aan: Onderwerp:`; otherwise
    0."""
    if len(lines[at]) > LONGEST or not _LABEL["from"].match(lines[at]):
        return 0
    seen: set[str] = set()
    last = 0
    for count, line in enumerate(lines[at + 1 : at + 1 + _BLOCK_LINES], start=2):
        for meaning in ("sent", "to", "subject"):
            if _LABEL[meaning].match(line[:LONGEST]):
                seen.add(meaning)
                last = count
                break
    return last if "sent" in seen and len(seen) > 1 else 0


def original_marker(lines: list[str], at: int) -> int:
    """The number of lines from `at` that announce the answered message; otherwise 0."""
    line = lines[at]
    if len(line) > LONGEST:
        return 0
    if _ORIGINAL.fullmatch(line):
        return 1
    if not _RULE.fullmatch(line):
        return 0
    following = next((one for one in lines[at + 1 : at + 4] if one.strip()), "")
    return 1 if _HEADER_LIKE.match(following[:LONGEST]) else 0
