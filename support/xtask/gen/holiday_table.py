"""Writes core/candor-calendar/data/holidays.txt; run by `cargo xtask gen holidays`.

Needs the package `holidays` (PyPI, MIT) in the version below, so that the same
table comes out on every machine. Only dates and names are taken from it.
"""

import datetime
import sys

import holidays

VERSION = "0.109"
FIRST, LAST = 2020, 2035

# Code, what people call it. A part after the dash is a part of the country.
REGIONS = [
    ("AE", "United Arab Emirates"), ("AR", "Argentina"), ("AT", "Austria"),
    ("AU", "Australia"), ("AU-ACT", "Australia, Capital Territory"),
    ("AU-NSW", "Australia, New South Wales"), ("AU-QLD", "Australia, Queensland"),
    ("AU-SA", "Australia, South Australia"), ("AU-VIC", "Australia, Victoria"),
    ("AU-WA", "Australia, Western Australia"),
    ("BE", "Belgium"), ("BG", "Bulgaria"), ("BR", "Brazil"), ("CA", "Canada"),
    ("CA-AB", "Canada, Alberta"), ("CA-BC", "Canada, British Columbia"),
    ("CA-ON", "Canada, Ontario"), ("CA-QC", "Canada, Quebec"),
    ("CH", "Switzerland"), ("CH-BE", "Switzerland, Bern"), ("CH-BS", "Switzerland, Basel-City"),
    ("CH-GE", "Switzerland, Geneva"), ("CH-VD", "Switzerland, Vaud"), ("CH-ZH", "Switzerland, Zurich"),
    ("CL", "Chile"), ("CN", "China"), ("CO", "Colombia"), ("CY", "Cyprus"), ("CZ", "Czechia"),
    ("DE", "Germany"), ("DE-BB", "Germany, Brandenburg"), ("DE-BE", "Germany, Berlin"),
    ("DE-BW", "Germany, Baden-Württemberg"), ("DE-BY", "Germany, Bavaria"), ("DE-HB", "Germany, Bremen"),
    ("DE-HE", "Germany, Hesse"), ("DE-HH", "Germany, Hamburg"),
    ("DE-MV", "Germany, Mecklenburg-Western Pomerania"), ("DE-NI", "Germany, Lower Saxony"),
    ("DE-NW", "Germany, North Rhine-Westphalia"), ("DE-RP", "Germany, Rhineland-Palatinate"),
    ("DE-SH", "Germany, Schleswig-Holstein"), ("DE-SL", "Germany, Saarland"),
    ("DE-SN", "Germany, Saxony"), ("DE-ST", "Germany, Saxony-Anhalt"), ("DE-TH", "Germany, Thuringia"),
    ("DK", "Denmark"), ("EE", "Estonia"), ("EG", "Egypt"), ("ES", "Spain"), ("ES-CT", "Spain, Catalonia"),
    ("ES-MD", "Spain, Madrid"), ("FI", "Finland"), ("FR", "France"), ("GB-ENG", "England"),
    ("GB-NIR", "Northern Ireland"), ("GB-SCT", "Scotland"), ("GB-WLS", "Wales"), ("GR", "Greece"),
    ("HK", "Hong Kong"), ("HR", "Croatia"), ("HU", "Hungary"), ("ID", "Indonesia"), ("IE", "Ireland"),
    ("IL", "Israel"), ("IN", "India"), ("IS", "Iceland"), ("IT", "Italy"), ("JP", "Japan"),
    ("KE", "Kenya"), ("KR", "South Korea"), ("LI", "Liechtenstein"), ("LT", "Lithuania"),
    ("LU", "Luxembourg"), ("LV", "Latvia"), ("MT", "Malta"), ("MX", "Mexico"), ("MY", "Malaysia"),
    ("NG", "Nigeria"), ("NL", "Netherlands"), ("NO", "Norway"), ("NZ", "New Zealand"),
    ("PH", "Philippines"), ("PL", "Poland"), ("PT", "Portugal"), ("RO", "Romania"), ("RS", "Serbia"),
    ("SA", "Saudi Arabia"), ("SE", "Sweden"), ("SG", "Singapore"), ("SI", "Slovenia"),
    ("SK", "Slovakia"), ("TH", "Thailand"), ("TR", "Türkiye"), ("TW", "Taiwan"), ("UA", "Ukraine"),
    ("US", "United States, federal"), ("VN", "Vietnam"), ("ZA", "South Africa"),
]


def calendar(code):
    country, _, part = code.partition("-")
    years = range(FIRST, LAST + 1)
    for language in ("en_US", "en_GB", None):
        try:
            return holidays.country_holidays(
                country, subdiv=part or None, years=years, language=language
            )
        except NotImplementedError:
            continue
    raise SystemExit(f"there is no calendar {code}")


def tokens(dates):
    """`MMDD` where every year of the table has it, else `YYMMDD` each."""
    days = {}
    for date in dates:
        days.setdefault((date.month, date.day), set()).add(date.year)
    out = []
    for (month, day), years in sorted(days.items()):
        if len(years) == LAST - FIRST + 1:
            out.append(f"{month:02}{day:02}")
        else:
            out.extend(f"{year % 100:02}{month:02}{day:02}" for year in sorted(years))
    return " ".join(sorted(out))


def region(code, name, write):
    found = calendar(code)
    work = "".join(str(day + 1) for day in range(7) if day not in found.weekend)
    write(f"={code}|{name}|{work}\n")
    named = {}
    for date in sorted(found):
        if FIRST <= date.year <= LAST:
            # Several names of one day: the first says enough.
            first = found[date].split("; ")[0].replace("|", "/").strip()
            named.setdefault(first, []).append(date)
    for day in sorted(named, key=lambda n: (named[n][0].strftime("%m%d"), n)):
        write(f"{day}|{tokens(named[day])}\n")
    working = [d for d in getattr(found, "weekend_workdays", ()) if FIRST <= d.year <= LAST]
    if working:
        write(f"+|{tokens(working)}\n")


def main():
    if holidays.__version__ != VERSION:
        raise SystemExit(f"this needs holidays {VERSION}, not {holidays.__version__}")
    with open(sys.argv[1], "w", encoding="utf-8") as out:
        out.write(f"# Public holidays by region, {FIRST} to {LAST}. Generated; do not edit: cargo xtask gen holidays\n")
        out.write(f"!source PyPI holidays {VERSION}, category PUBLIC, MIT licence\n")
        out.write(f"!version {sys.argv[2] if len(sys.argv) > 2 else datetime.date.today().isoformat()}\n")
        out.write(f"!years {FIRST} {LAST}\n")
        for code, name in REGIONS:
            region(code, name, out.write)


main()
