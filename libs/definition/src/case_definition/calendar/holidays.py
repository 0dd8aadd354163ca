"""Public holidays of a country as dates with names, the same on every machine."""

from datetime import date
from functools import cache

from holidays import HolidayBase, country_holidays, list_supported_countries

LIBERATION_DAY_COUNTRY = "NL"
# A year whose 5 May is a public holiday and nothing else.
_LIBERATION_DAY = date(2020, 5, 5)
_SAMPLE_YEARS = range(2015, 2036)

Holidays = dict[date, str]


@cache
def _languages() -> dict[str, list[str]]:
    return list_supported_countries(include_aliases=False)


def language_of(country: str, language: str | None) -> str | None:
    """The language of the names of a country's holidays.

    `language` may omit the region (`en` for `en_US`); None means the country's own language, never
    the process's locale. Raises ValueError with the rule.
    """
    if country not in _languages():
        raise ValueError(f"holidays of {country!r} are not known; a country is a code as NL")
    # Any language except None: with None the names would depend on the process's environment.
    entity = country_holidays(country, language="en_US")
    own = entity.default_language
    if language is None:
        return own
    wanted = language.replace("-", "_")
    known = tuple(entity.supported_languages) or ((own,) if own else ())
    for candidate in known:
        if wanted == candidate or candidate.startswith(f"{wanted}_"):
            return candidate
    raise ValueError(f"holiday names of {country} exist in {', '.join(known) or 'no language'}")


@cache
def _dated_names(
    country: str, language: str | None, year: int, optional: bool
) -> dict[date, tuple[str, ...]]:
    categories = ("public", "optional") if optional else ("public",)
    entity: HolidayBase = country_holidays(
        country, years=year, language=language or "en_US", categories=categories
    )
    return {day: tuple(entity.get_list(day)) for day in sorted(entity) if day.year == year}


def _liberation_name(language: str | None) -> str:
    names = _dated_names(LIBERATION_DAY_COUNTRY, language, _LIBERATION_DAY.year, False)
    return names[_LIBERATION_DAY][0]


@cache
def _names(country: str, language: str | None) -> frozenset[str]:
    optional = country == LIBERATION_DAY_COUNTRY
    return frozenset(
        name.casefold()
        for year in _SAMPLE_YEARS
        for names in _dated_names(country, language, year, optional).values()
        for name in names
    )


def unknown_drops(country: str, language: str | None, drop: tuple[str, ...]) -> list[str]:
    """The names in `drop` that no holiday of the country has in that language."""
    known = _names(country, language_of(country, language))
    return [name for name in drop if name.casefold() not in known]


@cache
def holidays_of_year(
    country: str,
    language: str | None,
    drop: tuple[str, ...],
    liberation_day: str | None,
    year: int,
) -> Holidays:
    """A year's public holidays without the dropped ones, by date, with their names.

    `liberation_day` is `every_year`, `lustrum` (each fifth year, also for None) or `never`, for the
    Netherlands only. Two holidays on one date share it, with their names joined by "; ".
    """
    language = language_of(country, language)
    dropped = {name.casefold() for name in drop}
    if liberation_day == "never":
        dropped.add(_liberation_name(language).casefold())
    dated = _dated_names(country, language, year, liberation_day == "every_year")
    kept = {
        day: "; ".join(name for name in names if name.casefold() not in dropped)
        for day, names in dated.items()
    }
    return {day: name for day, name in kept.items() if name}
