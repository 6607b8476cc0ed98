"""The words people use for dates in German, Spanish, Portuguese and French; the letters are told in `date_words`.

Words are folded (lower case, no accents), with a low line for a space; a line begins with its letter. They come after
the English ones and override them.
"""

GERMAN = """
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
SPANISH = """
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
PORTUGUESE = """
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
FRENCH = """
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
OTHERS = {"en": "", "de": GERMAN, "es": SPANISH, "pt": PORTUGUESE, "fr": FRENCH}
