"""From a city in somebody's words to its IANA zone, and back to a name to show."""

from functools import cache
from zoneinfo import available_timezones

from rapidfuzz import fuzz, process

# Large cities that give no zone its name. Facts of geography; the zone of each is the one its clocks keep.
_MORE_CITIES = {
    "America/New_York": "Boston, Washington, Philadelphia, Atlanta, Miami, Charlotte, Montreal, Baltimore, Orlando",
    "America/Toronto": "Ottawa",
    "America/Chicago": "Houston, Dallas, Austin, Minneapolis, St Louis, New Orleans, Milwaukee, Nashville",
    "America/Denver": "Salt Lake City, Albuquerque",
    "America/Edmonton": "Calgary",
    "America/Los_Angeles": "San Francisco, Seattle, Portland, San Diego, San Jose, Las Vegas, Sacramento, Oakland",
    "America/Sao_Paulo": "Rio de Janeiro, Brasilia, Belo Horizonte, Curitiba, Porto Alegre",
    "America/Mexico_City": "Guadalajara",
    "America/Bogota": "Medellin, Cali",
    "Europe/London": "Manchester, Edinburgh, Birmingham, Glasgow, Leeds, Bristol, Liverpool, Cambridge, Oxford",
    "Europe/Dublin": "Cork",
    "Europe/Berlin": "Munich, München, Hamburg, Frankfurt, Cologne, Köln, Stuttgart, Düsseldorf, Dusseldorf, Leipzig",
    "Europe/Zurich": "Geneva, Basel, Bern, Lausanne, Zürich, Genf",
    "Europe/Vienna": "Wien, Graz, Salzburg, Linz",
    "Europe/Paris": "Lyon, Marseille, Toulouse, Nice, Bordeaux, Lille, Nizza",
    "Europe/Madrid": "Barcelona, Valencia, Seville, Bilbao",
    "Europe/Rome": "Milan, Milano, Turin, Naples, Florence, Bologna, Rom, Mailand, Neapel, Florenz, Venedig, Venice",
    "Europe/Lisbon": "Porto, Lisboa, Lissabon",
    "Europe/Amsterdam": "Rotterdam, The Hague, Utrecht, Eindhoven",
    "Europe/Brussels": "Antwerp, Ghent, Brüssel, Antwerpen, Gent",
    "Europe/Stockholm": "Gothenburg, Malmo",
    "Europe/Warsaw": "Krakow, Wroclaw, Gdansk, Warschau, Krakau",
    "Europe/Prague": "Brno, Praha, Prag",
    "Europe/Kyiv": "Kiev, Lviv, Odesa",
    "Europe/Istanbul": "Ankara, Izmir",
    "Asia/Jerusalem": "Tel Aviv, Haifa",
    "Asia/Dubai": "Abu Dhabi",
    "Asia/Riyadh": "Jeddah",
    "Asia/Kolkata": "Mumbai, Delhi, New Delhi, Bangalore, Bengaluru, Chennai, Hyderabad, Pune, Calcutta",
    "Asia/Karachi": "Lahore, Islamabad",
    "Asia/Shanghai": "Beijing, Shenzhen, Guangzhou, Chengdu, Hangzhou, Peking",
    "Asia/Tokyo": "Osaka, Kyoto, Nagoya, Yokohama, Tokio",
    "Asia/Singapore": "Singapur",
    "Europe/Bucharest": "Bukarest",
    "Europe/Moscow": "Moskau",
    "Africa/Cairo": "Kairo",
    "Asia/Ho_Chi_Minh": "Hanoi, Saigon",
    "Australia/Brisbane": "Gold Coast",
    "Australia/Sydney": "Canberra, Newcastle",
    "Pacific/Auckland": "Wellington, Christchurch",
    "Africa/Johannesburg": "Cape Town, Durban, Pretoria",
    "Africa/Lagos": "Abuja",
    "Africa/Casablanca": "Rabat, Marrakesh",
}
_REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)
# Where most work from Sunday to Thursday; everywhere else it is taken to be from Monday to Friday.
_SUNDAY_TO_THURSDAY = frozenset(
    f"{region}/{city}"
    for region, cities in (
        ("Asia", "Jerusalem Gaza Hebron Riyadh Kuwait Qatar Bahrain Muscat Amman Baghdad Damascus Dhaka"),
        ("Africa", "Cairo Algiers Tripoli Khartoum"),
        ("Indian", "Maldives"),
    )
    for city in cities.split()
)
_ALIKE = 88  # of 100: "Lisbonn" is Lisbon, "Lima" is not "Lille"


def zone_of(city: str) -> str | None:
    """The zone of a city or a zone's own name, however it is written; None when it is not known."""
    wanted = _plain(city)
    if not wanted:
        return None
    zones = _zones()
    if "/" in city or wanted == "utc":
        return zones.get(city.strip().lower().replace(" ", "_"))
    known = _cities()
    first = wanted.split(",")[0].strip()
    if first in known:
        return known[first]
    best = process.extractOne(first, known.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
    return known[best[0]] if best else None


def usual_week(zone: str) -> tuple[frozenset[int], int]:
    """The working days that are usual in a zone, Monday = 0, and the last of them."""
    return (frozenset({6, 0, 1, 2, 3}), 3) if zone in _SUNDAY_TO_THURSDAY else (frozenset(range(5)), 4)


def city_of(zone: str) -> str:
    """The name to show for a zone: "Europe/Berlin" is Berlin."""
    return zone.rpartition("/")[2].replace("_", " ")


@cache
def _zones() -> dict[str, str]:
    """Zones by their names in lower case; the list is read from disk, so once."""
    return {zone.lower(): zone for zone in available_timezones()}


@cache
def _cities() -> dict[str, str]:
    """City to zone; a name that several zones share goes to the one of a region, not to an old alias."""
    found: dict[str, str] = {}
    for zone in sorted(_zones().values()):
        region, _, city = zone.rpartition("/")
        if region.split("/")[0] in _REGIONS:
            found.setdefault(_plain(city), zone)
    for zone, cities in _MORE_CITIES.items():
        found.update({_plain(city): zone for city in cities.split(",")})
    return found


def _plain(text: str) -> str:
    return " ".join(text.lower().replace("_", " ").split())
