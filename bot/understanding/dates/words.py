"""The words people use for dates in English, and those of every language that tell what stands around a date.

The lexer makes one letter of every word (W a weekday, U a unit, N "next" ...), so that the patterns over those letters
are short regular expressions, shared by all languages, and cannot run away on hostile text. The other languages' words
are in `date_words_others`.
"""

# Units, in the order of their length.
MINUTE, HOUR, DAY, WORKDAY, WEEK, FORTNIGHT, MONTH, QUARTER, YEAR = range(1, 10)

# Kinds: R relative day; W weekday; w its short form that is also a word; M month; m month that is also a name; U unit;
# K weekend; I "half an hour"; Q quarter; B end of a unit; J end of a day; P part of a day (1: after noon); H noon;
# V holiday as month*100+day; N next (1: may follow its noun); C coming; T this; L last; d number; A one; Z the; o
# ordinal; E end; S start; G middle; l late; b by; p on; t to; v "vor"; i in; u at; f of; F from; g ago; n from now;
# a after; e every; y once; k times; q per; r plural weekday; s weekly; _ any other word.
ENGLISH = """
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
