"""Columns that must be left out of a public folder, and why: what tells who somebody is, and free text.

Judged by the name and the label of a column (French and English), by the shape of its values, and by how
many of them are different. A value that many people share may be published; one that nearly everybody has
for himself may not, unless it is a measure (a weight, an income).
"""

from __future__ import annotations

import re
from collections.abc import Collection

from ens_dash.microdata.missing_codes import Values
from ens_dash.microdata.naming import joined, plain, words_of
from ens_dash.microdata.profile import Profile

MAX_ANSWERS = 200
LONGEST_CODE = 200
# A text with more different values than this share of its rows is nearly one a respondent.
NEARLY_UNIQUE = 0.5
# Below so many different texts a small file says little.
FEW_TEXTS = 10
LONG_TEXT = 20
# An answer of fewer people than this tells of them, where it is a sentence or names somebody.
RARE, SENTENCE, LONG_ANSWER = 3, 3, 40
_TITLES = r"dr|docteur|pr|prof|professeure?|mme|madame|mlle|mademoiselle|mr|mrs|ms|miss|monsieur|doctor"
TITLE = re.compile(rf"\b(?:(?i:{_TITLES})\.?|M\.?|MM\.)\s+[A-ZÀ-ÖØ-Þ]")
OWN_NUMBERS = "numbers with decimals that nearly everybody has for himself"
# Below so many numbers that they are all different says nothing.
FEW_ROWS = 50
MOST = 0.9
# First names are told by a list: so many of them, and so great a share of the values.
FIRST_NAMES_FOUND, FIRST_NAMES_SHARE = 3, 0.2

# A person's name: left out whatever the values are.
PERSON = frozenset(
    "nom noms prenom prenoms nomprenom prenomnom nomfamille nomdefamille nomcomplet patronyme surname "
    "lastname firstname forename fullname givenname familyname name pseudo pseudonyme username login".split()
)
# Ways to reach or find somebody: left out unless the values are few (a question on having a telephone).
CONTACT = {
    "an e-mail address": "email mail mel courriel adressemail adresseemail emailaddress mailaddress",
    "a telephone number": "tel telephone phone mobile portable gsm fax numtel phonenumber telephonenumber",
    "a postal address": "adresse address rue street voie adressepostale postaladdress streetaddress",
    "a postcode": "cp codepostal codepost postcode postalcode zip zipcode plz codeinsee codecommune",
    "an IP address": "ip ipaddress adresseip ipaddr",
    "a place on a map": "latitude longitude lat lon lng gps coordonnees geoloc geolocation",
    "an official number": "iban rib nir nss numsecu securitesociale numsecuritesociale ssn passport",
    "an interviewer": "enqueteur enquetrice interviewer intervieweur numenqueteur interviewerid",
    "a person's name": " ".join(sorted(PERSON)),
}
BIRTH = frozenset(
    "naissance datenaissance datedenaissance datenais datnais ddn dob birth birthdate birthday dateofbirth "
    "jnais mnais".split()
)
BIRTH_YEAR = frozenset(
    "anneenaissance anneedenaissance annais anais anneenais annenais yob birthyear yearofbirth "
    "naissance birth yrbrn".split()
)
WRITTEN = frozenset(
    "verbatim verbatims commentaire commentaires comment comments remarque remarques preciser precisez "
    "specify texte text txt ouverte openended freetext textelibre".split()
)
# Said by a label of a column whose values are many.
SAID = (
    (r"\b(?:votre |your )?(?:nom de famille|prenom|last name|first name|surname)\b", "a person's name"),
    (r"\b(?:adresse (?:e-?)?mail|adresse electronique|courriel|e-?mail address)\b", "an e-mail address"),
    (r"\b(?:numero de (?:telephone|portable|mobile)|(?:tele)?phone number)\b", "a telephone number"),
    (r"\b(?:adresse postale|postal address|street address|votre adresse|your address)\b", "a postal address"),
    (r"\b(?:code postal|postcode|zip code|postal code)\b", "a postcode"),
    (r"\b(?:date de naissance|date of birth|birth date)\b", "a date of birth"),
    (r"\b(?:adresse ip|ip address)\b", "an IP address"),
    (r"\b(?:securite sociale|social security) ?(?:number)?\b", "an official number"),
)
EMAIL = r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}"
STREETS = r"rue|avenue|av\.?|boulevard|bd|place|chemin|impasse|all[ée]e|route|quai|street|road|lane"
# name -> a regular expression for RE2 and for Python, and the share of the rows that settles it
PATTERNS: tuple[tuple[str, str, float], ...] = (
    ("an e-mail address", EMAIL, 0.0),
    ("a web address", r"(?i)(https?://|www\.)\S", 0.0),
    ("an IP address", r"^\s*\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\s*$", 0.0),
    ("a French telephone number", r"^\s*(\+|00)33[ .-]?\(?0?\)?[1-9]([ .-]?\d{2}){4}\s*$", 0.0),
    ("a French telephone number", r"^\s*0[1-9]([ .-]?\d{2}){4}\s*$", 0.0),
    ("a time of day", r"^\s*\d{1,2}[:hH]\d{2}(:\d{2})?\s*$", MOST),
    ("an IP address", r"^\s*([0-9a-fA-F]{1,4}:){3,7}[0-9a-fA-F:]*\s*$", 0.0),
    ("a date", r"^\s*\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}([ T].*)?$", 0.5),
    ("a telephone number", r"^\s*\+?\(?\d([ .()/-]{0,2}\d){8,14}\s*$", 0.5),
    ("a postcode", r"^\s*0\d{4}\s*$", 0.02),
    ("a line of an address", rf"(?i)^\s*\d+\s*(bis|ter)?,?\s+({STREETS})\s", 0.02),
)
FIRST_NAMES = frozenset(
    "marie jean pierre michel andre philippe alain jacques bernard patrick nathalie isabelle sylvie "
    "catherine francoise monique nicolas christophe christine sophie thomas julien laurent david "
    "sandrine camille lea manon emma chloe lucas hugo louis jules alice paul anne claire helene julie "
    "celine stephanie martine dominique daniel eric olivier frederic sebastien mohamed fatima john "
    "james robert mary patricia jennifer linda elizabeth william richard joseph charles susan jessica "
    "sarah karen nancy emily michael".split()
)


def why_left_out(profile: Profile, values: Values, common: Collection[str] = ()) -> str | None:
    """Why a column may not be published, or None. Role columns (weight, id) are not asked about. `common`:
    texts that RARE people or more gave in some column of the file."""
    named = _by_name(profile, values)
    if profile.column.storage == "date":
        return "a date of birth" if BIRTH & joined(profile.name) else "a date or time"
    return (
        named
        or _by_values(profile, values)
        or _by_rare_texts(profile, values, common)
        or _by_uniqueness(profile, values)
    )


def suspected_by_name(profile: Profile, values: Values) -> str | None:
    """What the name alone says of a column that is kept because its values are few."""
    found = joined(profile.name)
    return next((what for what, names in CONTACT.items() if found & set(names.split())), None)


def _few(profile: Profile, values: Values) -> bool:
    return values.distinct <= FEW_TEXTS and values.distinct * 10 <= max(values.filled, 1)


def _by_name(profile: Profile, values: Values) -> str | None:
    found, whole_name = joined(profile.name), "".join(words_of(profile.name)).rstrip("0123456789")
    if whole_name in PERSON:
        return "a person's name, by the column's name"
    numbers = profile.numeric and not values.labels
    if found & BIRTH_YEAR and numbers and _within(profile, 1880, 2100):
        return "a year of birth; as age groups it may stay: --segment"
    many = not _few(profile, values)
    if found & BIRTH and many and (numbers or profile.distinct > NEARLY_UNIQUE * profile.filled):
        return "a date of birth, by the column's name"
    if not many:
        return None
    what = suspected_by_name(profile, values)
    if what is not None:
        return f"{what}, by the column's name"
    if found & WRITTEN and not profile.numeric and not values.labels:
        return "free text, by the column's name"
    if not values.labels:
        label = plain(profile.column.label)
        for pattern, what in SAID:
            if re.search(pattern, label):
                return f"{what}, by the column's label"
    return None


def _within(profile: Profile, low: float, high: float) -> bool:
    """Whether the column's numbers lie in a span, codes for no answer aside."""
    if profile.counts is None or profile.low is None or profile.high is None:
        return profile.low is not None and low <= profile.low and (profile.high or 0) <= high
    inside = sum(n for v, n in profile.counts.items() if v.isdigit() and low <= int(v) <= high)
    return inside >= MOST * max(profile.filled, 1)


def _by_values(profile: Profile, values: Values) -> str | None:
    filled = max(profile.filled, 1)
    texts = profile.counts if profile.counts is not None else profile.texts
    decimals = profile.numeric and profile.whole < profile.numbers
    for name, pattern, share in () if decimals or profile.column.storage != "text" else PATTERNS:
        rows = profile.patterns.get(pattern, 0)
        if profile.counts is not None:
            rows = sum(n for value, n in texts.items() if re.search(pattern, value))
        if rows and rows >= share * filled:
            return f"{name}, by its values ({rows} rows)"
    if any(re.search(EMAIL, label) for _, label in profile.column.labels):
        return "an e-mail address, by its labels"
    if profile.days >= MOST * profile.numbers > 0 and profile.numbers >= MOST * filled:
        return f"a date written as a number, by its values ({profile.days} rows)"
    if not values.labels and profile.long >= NEARLY_UNIQUE * filled:
        return f"a telephone or identification number, by its values ({profile.long} rows)"
    shown = [label or code for code, label in values.answers]
    begun = [w[0] for text in shown if (w := words_of(text)) and len(w) <= 3 and w[0] in FIRST_NAMES]
    if len(set(begun)) >= FIRST_NAMES_FOUND and len(begun) >= FIRST_NAMES_SHARE * len(shown):
        return f"people's names, by its values ({len(begun)} begin with a first name)"
    return None


def _by_rare_texts(profile: Profile, values: Values, common: Collection[str]) -> str | None:
    """Whether somebody may have written an answer himself: one that hardly anybody else gave, which the file
    has no label for, and which is as long as a sentence or calls somebody by a title."""
    if profile.column.storage != "text":
        return None
    counts = profile.counts or {}
    bare = [code for code, label in values.answers if not label and code not in values.unknown]
    rare = [code for code in bare if 0 < counts.get(code, 0) < RARE and code not in common]
    called = sum(1 for code in rare if TITLE.search(code))
    if called:
        return f"people's names, by its values ({called} with a title such as Mme or Dr)"
    long = sum(1 for code in rare if len(code) > LONG_ANSWER or len(words_in(code)) >= SENTENCE)
    if long:
        words = f"{SENTENCE} words or more than {LONG_ANSWER} characters"
        return f"free text: {long} answers of {words} that fewer than {RARE} people gave"
    return None


def words_in(text: str) -> list[str]:
    return [word for word in text.split() if any(c.isalpha() for c in word)]


def _by_uniqueness(profile: Profile, values: Values) -> str | None:
    filled, distinct = values.filled, values.distinct
    if profile.longest > LONGEST_CODE:
        return f"free text: up to {profile.longest} characters"
    if profile.numeric:
        span = (profile.high or 0) - (profile.low or 0) + 1
        alone = distinct >= MOST * filled and filled >= FEW_TEXTS and profile.whole == profile.numbers
        if alone and not values.labels and span <= 1.5 * distinct and filled > 2 * FEW_TEXTS:
            return f"a running number: {distinct} values in {filled} rows"
        if alone and not values.labels and (profile.low or 0) >= 1e6:
            return f"an identification number: {distinct} values in {filled} rows"
        # whole amounts such as an income may be as different; a place on a map is no amount
        if profile.whole < profile.numbers and filled >= FEW_ROWS and distinct > MOST * filled:
            return f"{OWN_NUMBERS}: {distinct} in {filled} rows; as ranges it may stay: --segment"
        return None
    if values.labels or profile.column.storage != "text":
        return None
    wordy = profile.longest > LONG_TEXT
    if distinct > NEARLY_UNIQUE * filled and distinct >= 3 and (wordy or distinct > FEW_TEXTS):
        return f"free text or nearly unique: {distinct} values in {filled} rows"
    if distinct > 2 * FEW_TEXTS and profile.singles > NEARLY_UNIQUE * distinct:
        return f"free text: {profile.singles} of {distinct} values are of one or two respondents"
    if distinct > MAX_ANSWERS:
        return f"too many values: {distinct}"
    return None
