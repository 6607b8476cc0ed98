"""The words people use for dates, in five languages, and the lexer that turns a text into a line of one-letter kinds.

Every word becomes one letter (W a weekday, U a unit, N "next" ...), so that the patterns in `dates` are short regular
expressions over those letters, shared by all languages, and cannot run away on hostile text.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

# Units, in the order of their length.
MINUTE, HOUR, DAY, WORKDAY, WEEK, FORTNIGHT, MONTH, QUARTER, YEAR = range(1, 10)

# Kinds: R relative day; W weekday; w its short form that is also a word; M month; m month that is also a name; U unit;
# K weekend; I "half an hour"; Q quarter; B end of a unit; J end of a day; P part of a day (1: after noon); H noon;
# V holiday as month*100+day; N next (1: may follow its noun); C coming; T this; L last; d number; A one; Z the; o
# ordinal; E end; S start; G middle; l late; b by; p on; t to; v "vor"; i in; u at; f of; F from; g ago; n from now;
# a after; e every; y once; k times; q per; r plural weekday; s weekly; _ any other word.
_ENGLISH = """
R today tonight=0 later_today=0 tomorrow=1 tommorow=1 tommorrow=1 tomorow=1 tomorrrow=1 tmrw=1 tmw=1 tmr=1 2moro=1
R day_after_tomorrow=2 the_day_after_tomorrow=2 overmorrow=2 yesterday=-1 last_night=-1 day_before_yesterday=-2
R the_day_before_yesterday=-2 todya=0 yesteday=-1 toady=0
W monday=0 tuesday=1 tues=1 tue=1 tuseday=1 tusday=1 teusday=1 wednesday=2 weds=2 wensday=2 wendsday=2 wednsday=2
W thursday=3 thurs=3 thur=3 thu=3 thrusday=3 thursay=3 thusday=3 friday=4 fri=4 firday=4 friady=4 frieday=4
W saturday=5 satuday=5 saterday=5 sunday=6 mondya=0 munday=0 wednesay=2 tuesdya=1 fridya=4
w mon=0 wed=2 sat=5 sun=6
M january=1 february=2 febuary=2 feb=2 july=7 jul=7 september=9 sept=9 sep=9 october=10 oct=10 november=11 nov=11
M december=12 dec=12 decemeber=12 janurary=1
m jan=1 march=3 mar=3 april=4 apr=4 may=5 june=6 jun=6 august=8 aug=8
U minute=1 minutes=1 min=1 mins=1 hour=2 hours=2 hr=2 hrs=2 h=2 day=3 days=3 d=3 business_day=4 business_days=4
U working_day=4 working_days=4 work_days=4 workdays=4 week=5 weeks=5 wk=5 wks=5 fortnight=6 fortnights=6 month=7
U months=7 quarter=8 quarters=8 year=9 years=9 yr=9 yrs=9
K weekend
I half_an_hour half_hour a_half_hour
Q q1=1 q2=2 q3=3 q4=4
B eow=5 eom=7 eoq=8 eoy=9 month_end=7 quarter_end=8 year_end=9 week's_end=5 month's_end=7 year's_end=9
J eod cob end_of_day end_of_the_day end_of_business end_of_play end_of_today close_of_business close_of_play
J end_of_business_day end_of_my_day day's_end tonight_eod
P morning=0 afternoon=1 evening=1 night=1 lunch=1 lunchtime=1 first_thing=0 last_thing=1 pm=1
H noon=720 midday=720 midnight=1439
V new_year's_eve=1231 new_years_eve=1231 new_year's_day=101 new_years_day=101 new_year's=101 new_year=101
V christmas=1225 xmas=1225 christmas_day=1225 christmas_eve=1224 boxing_day=1226 halloween=1031
V valentine's_day=214 easter=1 good_friday=4 easter_monday=5 thanksgiving=2 black_friday=3
N next
C coming upcoming following
T this
L last previous
d two_more=2 three_more=3 a_few_more=3
d two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 fifteen=15 twenty=20
d thirty=30 a_couple_of=2 a_couple=2 couple_of=2 couple=2 a_few=3 few=3 several=3 sixty=60 ninety=90
A a=1 an=1 one=1 another=1 one_more=1
Z the
o first=1 second=2 third=3 fourth=4 fifth=5 sixth=6 seventh=7 eighth=8 ninth=9 tenth=10 fifteenth=15 twentieth=20
o thirtieth=30 other=2
E end ends
S start beginning early
G mid middle
l late
b by until till til before due no_later_than not_later_than latest_by deadline
p on around over
t to for
i in within inside
u at @
f of
F from starting as_of since
g ago
n from_now from_today hence time
a after
e every each
y once twice thrice
k times
q per
r mondays tuesdays wednesdays thursdays fridays saturdays sundays weekday weekdays weekends
s daily weekly monthly fortnightly biweekly quarterly yearly nightly regularly
_ man_friday cyber_monday monday's ash_wednesday
"""
_GERMAN = """
R heute morgen=1 uebermorgen=2 ubermorgen=2 gestern=-1 vorgestern=-2 heute_abend=0 heute_nachmittag=0 morgen_fruh=1
R morgen_abend=1 morgen_nachmittag=1 morgen_vormittag=1 heute_noch=0 noch_heute=0
W montag=0 dienstag=1 mittwoch=2 donnerstag=3 freitag=4 samstag=5 sonnabend=5 sonntag=6
w mo=0 di=1 mi=2 fr=4 sa=5
M januar=1 janner=1 februar=2 juli=7 oktober=10 okt=10 dezember=12 dez=12
m marz=3 maerz=3 mai=5 juni=6
U minuten=1 stunde=2 stunden=2 std=2 tag=3 tage=3 tagen=3 tages=3 werktag=4 werktage=4 werktagen=4 arbeitstage=4
U arbeitstagen=4 woche=5 wochen=5 monat=7 monate=7 monaten=7 monats=7 quartal=8 quartals=8 jahr=9 jahre=9 jahren=9
U jahres=9
K wochenende
I halben_stunde einer_halben_stunde
B monatsende=7 jahresende=9 quartalsende=8 ende_der_woche=5
J ende_des_tages feierabend tagesende dienstschluss
P vormittag=0 nachmittag=1 abend=1 fruh=0 mittag=1 nacht=1
H mittags=720 mitternacht=1439
V silvester=1231 neujahr=101 weihnachten=1225 heiligabend=1224 ostern=1 karfreitag=4 ostermontag=5
N nachster nachste nachsten nachstes nachstem naechste naechsten naechster naechstes
C kommender kommende kommenden kommendes
T dieser diese diesen dieses diesem
L letzter letzte letzten letztes vergangenen vergangene
d zwei=2 drei=3 vier=4 funf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 vierzehn=14 ein_paar=3 paar=3 zwolf=12
A ein=1 eine=1 einer=1 einem=1 einen=1
Z der die das den dem des
o ersten=1 zweiten=2 dritten=3
E ende
S anfang
G mitte
b bis spatestens bis_zum bis_spatestens vor_dem bis_zur
p am zum
t auf fur
v vor
i in im innerhalb innerhalb_von binnen
u um gegen
f von vom
F ab seit
a nach
n von_heute von_jetzt
e jede jeden jedes jeder
y einmal zweimal dreimal
k mal
q pro
r montags dienstags mittwochs donnerstags freitags samstags sonntags werktags
s taglich wochentlich monatlich
_ guten_morgen so die_erste war art mon sun sat an second
"""
_SPANISH = """
R hoy manana=1 pasado_manana=2 ayer=-1 anteayer=-2 esta_noche=0 esta_manana=0 anoche=-1
W lunes=0 martes=1 miercoles=2 jueves=3 viernes=4 sabado=5 domingo=6
M enero=1 ene=1 febrero=2 julio=7 septiembre=9 setiembre=9 octubre=10 noviembre=11 diciembre=12 dic=12
m marzo=3 abril=4 mayo=5 junio=6 agosto=8
U minuto=1 minutos=1 hora=2 horas=2 dia=3 dias=3 semana=5 semanas=5 quincena=6 mes=7 meses=7 trimestre=8 ano=9 anos=9
U dias_habiles=4 dias_laborables=4
K fin_de_semana finde
I media_hora
J final_del_dia fin_del_dia
P manana_por_la_manana=0 por_la_manana=0 por_la_tarde=1 tarde=1 por_la_noche=1 noche=1 de_la_manana=0
H mediodia=720 medianoche=1439
V nochevieja=1231 navidad=1225 nochebuena=1224 ano_nuevo=101
N proximo=1 proxima=1 proximos=1 proximas=1 que_viene=1 siguiente=1
T este esta
L pasado pasada ultimo ultima
d dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 diez=10 quince=15 un_par_de=2 unos=3
A un=1 una=1
Z el la los las
o primero=1
E fin final finales
S principios inicio comienzos
G mediados
b antes_del antes_de antes hasta a_mas_tardar
p a al
t para
i en dentro_de
u a_las a_la
f de del
F desde
g hace
n a_partir_de_hoy
a despues_de
e cada todos_los todas_las todos todas
y una_vez dos_veces tres_veces
k veces
q por
s semanalmente diariamente
_ mar no mon as sun sat second
"""
_PORTUGUESE = """
R hoje amanha=1 depois_de_amanha=2 ontem=-1 anteontem=-2 hoje_a_noite=0
W segunda=0 segunda_feira=0 terca=1 terca_feira=1 quarta=2 quarta_feira=2 quinta=3 quinta_feira=3 sexta=4
W sexta_feira=4 sabado=5 domingo=6
M janeiro=1 fevereiro=2 fev=2 julho=7 setembro=9 outubro=10 novembro=11 dezembro=12
m marco=3 abril=4 maio=5 junho=6 agosto=8
U minuto=1 minutos=1 hora=2 horas=2 dia=3 dias=3 dias_uteis=4 semana=5 semanas=5 quinzena=6 mes=7 meses=7
U trimestre=8 ano=9 anos=9
K fim_de_semana
I meia_hora
J fim_do_dia final_do_dia
P manha=0 tarde=1 noite=1 de_manha=0 a_tarde=1 a_noite=1 da_manha=0 da_tarde=1
H meio_dia=720 meia_noite=1439
V natal=1225 vespera_de_natal=1224 ano_novo=101 reveillon=1231 pascoa=1
N proximo=1 proxima=1 que_vem=1 proximos=1
T este esta neste nesta deste desta
L passado passada ultimo ultima
d dois=2 duas=2 tres=3 quatro=4 cinco=5 seis=6 sete=7 oito=8 dez=10 quinze=15 alguns=3
A um=1 uma=1
Z o os a as
o primeiro=1
E fim final
S inicio comeco
G meados
b ate ate_o ate_a antes_do antes_da antes_de antes
p na no
t para pra
i em daqui_a dentro_de
u as
f de do da
F desde
g ha
a apos
n a_partir_de_hoje
e todo toda todos todas cada todos_os todas_as
y uma_vez duas_vezes tres_vezes
k vezes
q por
s semanalmente diariamente
_ segunda_parte segunda_vez segunda_versao primeira mar mon sat sun second
"""
_FRENCH = """
R aujourd'hui demain=1 apres_demain=2 hier=-1 avant_hier=-2 ce_soir=0
W lundi=0 mardi=1 mercredi=2 jeudi=3 vendredi=4 samedi=5 dimanche=6
M janvier=1 fevrier=2 fev=2 juillet=7 septembre=9 octobre=10 novembre=11 decembre=12
m mars=3 avril=4 mai=5 juin=6 aout=8
U heure=2 heures=2 jour=3 jours=3 jours_ouvres=4 semaine=5 semaines=5 quinzaine=6 mois=7 trimestre=8 an=9 ans=9
U annee=9
K week_end weekend
I demi_heure une_demi_heure
J fin_de_journee fin_de_la_journee
P matin=0 apres_midi=1 soir=1 nuit=1
H midi=720 minuit=1439
V noel=1225 saint_sylvestre=1231 nouvel_an=101 paques=1
N prochain=1 prochaine=1 prochains=1 prochaines=1
T ce cet cette
L dernier derniere passe passee
d deux=2 trois=3 quatre=4 cinq=5 six=6 sept=7 huit=8 dix=10 quinze=15 quelques=3
A un=1 une=1
Z le la les l'
o premier=1
E fin
S debut
G mi milieu
b avant d'ici d'ici_a d'ici_au d'ici_le jusqu'au jusqu'a pour au_plus_tard
p au
i dans en sous
u a vers
f de du des
F depuis des_le
g il_y_a
a apres
e chaque tous_les toutes_les
y une_fois deux_fois trois_fois
k fois
q par
r lundis mardis mercredis jeudis vendredis
s quotidiennement
_ mon sam second mar sun sat an_ son
"""
_LANGUAGES = {"en": "", "de": _GERMAN, "es": _SPANISH, "pt": _PORTUGUESE, "fr": _FRENCH}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What may follow a date without being the noun that it belongs to, and what may stand beside a date that is all.
AFTER = _words(
    "and with or if but so then please at latest when because instead as is works would will should can i we you it "
    "und mit oder y con o e com et avec ou thanks sorry ok after before"
)
FILLERS = _words(
    "maybe perhaps probably ok okay yes yep sure please thanks sorry say let's lets latest hmm um about then how i "
    "think it's it that's works fine great good do make due deadline would be will vielleicht bitte ja danke gracias "
    "por favor obrigado oui merci d'accord is well so actually now the"
)
NOUNS = _words("team teams meeting meetings standup group crew club times squad focus edition newsletter")
OWNERS = _words("the our my your their his her its")
SHIFTS = _words("move moves moved moving push pushed pushing shift shifted slip slipped change changed switch")
CHANGES = _words(
    "increase increased increases grow grew raise raised cut reduce reduced lower lowered improve improved up down "
    "drop dropped rise rose multiply multiplied divide divided exceed beat gain go goes went double trim shrink"
)
SCORES = _words(
    "score scored scores rating rated rate progress mood energy confidence about a an at did finished answered"
)
# Verbs that tell whether a day was or will be; a word in -ed counts as past after one of BEFORE_ED or in front.
DENIED = _words("not than except besides nicht nao pas")
PAST = _words(
    "sent did done went gave wrote spoke told met saw was were had took came made got finished completed delivered "
    "submitted talked shared called missed forgot ran held said began kept left bought brought thought "
    "geschickt gesendet gemacht erledigt verschickt gesprochen abgegeben geschrieben getroffen "
    "envie hice mande termine hable entregue llame fui enviei fiz mandei terminei falei entreguei liguei "
    "envoye fait fini parle rendu appele"
)
AHEAD = _words(
    "will i'll we'll he'll she'll they'll it'll shall should must going get gets getting have need needs needed want "
    "wants be plan plans let let's aim intend hope can could please ensure gonna promise werde muss soll "
    "voy debo vou devo vais dois"
)
BEFORE_ED = _words(
    "i we he she they it you who already just have has had i've we've he's she's it's they've was were got been and "
    "finally only also"
)
NOT_PAST = _words(
    "need feed speed proceed succeed exceed indeed hundred scheduled planned booked confirmed promised agreed red "
    "committed supposed expected moved pushed postponed delayed rescheduled shifted deferred decided slipped embed"
)

# Kinds that come from figures: D number, Y year, O ordinal, X numeric date, z one that may be a decimal or a rating,
# H clock time, h one that may be something else.
_BLOB = re.compile(
    r"(?P<body>[0-9]+(?:[.,/:-][0-9]+)*)"
    r"(?:[ \u00a0]?(?P<clock>am\b|pm\b|a\.m\.?|p\.m\.?|uhr\b|o['’]clock\b|h[0-9]{0,2}\b)"
    r"|(?P<nth>st|nd|rd|th|er|[ºª°])(?!\w))?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’](?=[^\W\d_])|[\u0300-\u036f])*")
_TOKEN = re.compile(rf"(?P<link>(?:https?://|www\.)\S*)|(?P<word>{_WORD.pattern})|{_BLOB.pattern}", re.IGNORECASE)
_JOINED = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff*_~\"'’“”«»\x00]*")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"((?:19|20|21)[0-9]{2})([/.-])([0-9]{1,2})\2([0-9]{1,2})")
_YEARLESS = re.compile(r"([0-9]{1,2})([/.])([0-9]{1,2})")
_HOURS = re.compile(r"([0-9]{1,2})(?:[:.]([0-9]{2}))?")
_FRACTIONS = {"1/2", "1/3", "2/3", "1/4", "3/4", "24/7"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """One word or figure: its kind (one letter), its meaning, its folded spelling and its place in the text."""

    kind: str
    value: int
    word: str
    start: int
    end: int


def fold(word: str) -> str:
    """Lower case without accents, so that "Próximo" and "proximo" are one word."""
    plain = unicodedata.normalize("NFKD", word.replace("’", "'").casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@cache
def _lexicon(language: str) -> dict[str, tuple[str, int]]:
    """Folded phrase -> (kind, value); the person's language overrides English."""
    words: dict[str, tuple[str, int]] = {}
    for line in f"{_ENGLISH.strip()}{_LANGUAGES.get(language, '')}".strip().splitlines():
        kind, *entries = line.split()
        for entry in entries:
            phrase, _, value = entry.partition("=")
            words[phrase.replace("_", " ")] = (kind, int(value or 0))
            if kind == "W" and language == "de":  # one word there: "Freitagabend"
                words |= {f"{phrase}{part}": (kind, int(value)) for part in ("abend", "nachmittag", "morgen", "mittag")}
    return words


def month_first(locale: str) -> bool:
    """Whether 3/12 is the twelfth of March."""
    return locale.replace("_", "-").lower() in {"en", "en-us", "en-ph", "en-bz", "es-pr"}


def lex(text: str, locale: str) -> list[Token]:
    """Turn a text into tokens, in one pass; breaks between clauses are tokens too ("!" full, "," light, "-" hyphen).

    `word` of a numeric date is its normal spelling, with slashes and a four-digit year.
    """
    language = locale[:2].lower()
    tokens: list[Token] = []
    for match in _TOKEN.finditer(text):
        tokens += _gap(text, tokens, match.start(), language)
        if match["link"]:
            tokens.append(_token("_", 0, "", match.start(), match.end()))
        elif match["word"]:
            tokens += _split(match["word"], match.start(), language)
        else:
            tokens += _figure(text, match, locale)
    return _look_up(tokens, _lexicon(language))


def _token(kind: str, value: int, word: str, start: int, end: int) -> Token:
    return Token(kind=kind, value=value, word=word, start=start, end=end)


def _gap(text: str, tokens: list[Token], start: int, language: str) -> list[Token]:
    """What stands between two tokens: nothing of note, a comma, a hyphen, or a break."""
    if not tokens:
        return []
    last = tokens[-1]
    between = text[last.end : start]
    if "\n" not in between and _JOINED.fullmatch(between):
        return []
    bare = between.strip()
    if bare == "." and len(between) > 1 and (text[start].isdigit() or (language == "de" and last.kind in "OD")):
        return []  # "Dec. 4", "3. Dezember"
    kind = {",": ",", "-": "-" if between == "-" else "!", "(": ",", ")": ","}.get(bare, "!")
    return [_token(kind, 0, "", last.end, start)]


def _split(word: str, start: int, language: str) -> list[Token]:
    """One word, or two where French elides ("d'octobre", "l'après-midi")."""
    end = start + len(word)
    folded = fold(word)
    head, apostrophe, tail = folded.partition("'")
    if language == "fr" and apostrophe and head in ("d", "l") and tail != "ici":
        cut = start + len(word) - len(word.replace("’", "'").partition("'")[2])
        return [_token("?", 0, f"{head}e" if head == "d" else "le", start, cut), _token("?", 0, tail, cut, end)]
    return [_token("?", 0, folded, start, end)]


def _look_up(tokens: list[Token], lexicon: dict[str, tuple[str, int]]) -> list[Token]:
    """Give each word its kind, the longest run of up to four words first."""
    known: list[Token] = []
    at = 0
    while at < len(tokens):
        first = tokens[at]
        if first.kind != "?":
            known.append(first)
            at += 1
            continue
        taken, kind, value, word = 1, "_", 0, first.word
        phrase, end = "", at
        while end < len(tokens) and end < at + 7 and tokens[end].kind in "?-":
            if tokens[end].kind == "?":
                phrase = f"{phrase} {tokens[end].word}".strip()
                if phrase in lexicon:
                    (kind, value), taken, word = lexicon[phrase], end - at + 1, phrase
            end += 1
        known.append(_token(kind, value, word, first.start, tokens[at + taken - 1].end))
        at += taken
    return known


def _figure(text: str, match: re.Match[str], locale: str) -> list[Token]:
    """The kind of a run of figures; anything that is not plainly a date, a time or a small number is no date."""
    body, start, end = match["body"], match.start(), match.end()
    before, after = text[start - 1 : start] if start else " ", text[end : end + 1] or " "
    if before in "$€£¥#+.:/_%=" or after in "%$€£°/":
        return [_token("_", 0, body, start, end)]
    if match["clock"]:
        return _clock(match, locale)
    if match["nth"]:
        day = int(body) if body.isdecimal() and len(body) <= 2 else 0
        return [_token("O" if 1 <= day <= 31 else "_", day, body, start, end)]
    kind, value, word = _plain(body, locale, after)
    if locale[:2] == "de" and kind == "D" and after == "." and 1 <= value <= 31:
        return [_token("O", value, body, start, end + 1)]
    return [_token(kind, value, word, start, end + (kind in "Xz" and after == "." and body.count(".") == 1))]


def _clock(match: re.Match[str], locale: str) -> list[Token]:
    """5pm, 17 Uhr, 17h30; in English "2h" is a length of time."""
    body, suffix = match["body"], fold(match["clock"])
    start, end = match.span()
    parts = _HOURS.fullmatch(body)
    if parts is None:
        return [_token("_", 0, body, start, end)]
    hour, minute = int(parts[1]), int(parts[2] or 0)
    if suffix.startswith("h"):
        if suffix == "h" and locale[:2] in ("en", "de"):
            return [_token("D", hour, body, start, end - 1), _token("U", HOUR, "h", end - 1, end)]
        minute = int(suffix[1:] or 0)
    if suffix[0] in "ap":
        hour = hour % 12 + 12 * (suffix[0] == "p") if 1 <= hour <= 12 else 99
    if suffix.startswith("o") and hour < 7:
        hour += 12
    kind = "h" if suffix.startswith("h") else "H"
    return [_token(kind if hour < 24 and minute < 60 else "_", hour * 60 + minute, body, start, end)]


def _plain(body: str, locale: str, after: str) -> tuple[str, int, str]:
    """Kind, value and normal spelling of figures without a suffix."""
    if body.isdecimal():
        if len(body) == 4 and 1900 <= int(body) <= 2199:
            return "Y", int(body), body
        return ("D", int(body), body) if len(body) <= 4 else ("_", 0, body)
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", body):
        hour, minute = int(body.split(":")[0]), int(body.split(":")[1])
        return ("h" if hour < 24 and minute < 60 else "_"), hour * 60 + minute, body
    if re.fullmatch(r"[0-9]{1,2}-[0-9]{1,2}", body):
        return "D", int(body.split("-")[1]), body
    if found := _YEAR_FIRST.fullmatch(body):
        return _numeric(f"{found[1]}-{found[3].zfill(2)}-{found[4].zfill(2)}", int(found[3]), int(found[4]))
    if found := _YEAR_LAST.fullmatch(body):
        year = found[4] if len(found[4]) == 4 else f"20{found[4]}"
        return _ordered(found[1], found[3], f"/{year}", locale)
    if found := _YEARLESS.fullmatch(body):
        kind, value, word = _ordered(found[1], found[3], "", locale)
        if found[2] == ".":
            dotted = locale[:2] not in ("en", "es", "pt")
            return ("X" if after == "." else "z") if kind == "X" and dotted else "_", value, word
        rating = int(found[1]) <= int(found[3]) and int(found[3]) in (5, 10)
        return "z" if kind == "X" and (rating or body in _FRACTIONS) else kind, value, word
    return "_", 0, body


def _ordered(first: str, second: str, year: str, locale: str) -> tuple[str, int, str]:
    """Two numbers in the locale's order; where only the other order makes a date, that one."""
    month, day = (int(first), int(second)) if month_first(locale) else (int(second), int(first))
    if month > 12 >= day and year:
        month, day = day, month
    spelt = f"{month}/{day}{year}" if month_first(locale) else f"{day}/{month}{year}"
    return _numeric(spelt, month, day)


def _numeric(spelt: str, month: int, day: int) -> tuple[str, int, str]:
    return ("X" if 1 <= month <= 12 and 1 <= day <= 31 else "_"), month * 100 + day, spelt
