"""What a planner types about a campaign."""

import re
from datetime import date
from typing import Any, ClassVar

from flask import request
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    FloatField,
    IntegerField,
    SelectChoice,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from campaign.events.services import CampaignChange, CampaignRules, NewCampaign
from campaign.registry import queries as registry
from campaign.web import forms

_DATE = re.compile(r"[\s,;]+")


class DatesField(TextAreaField):  # type: ignore[misc]
    """Dates, one on each line, as YYYY-MM-DD or DD-MM-YYYY; the page turns it into a calendar where scripts run."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read the dates; what is none is reported by name."""
        words = [word for word in _DATE.split(valuelist[0] if valuelist else "") if word]
        read = {word: _date(word) for word in words}
        self.data = [day for day in read.values() if day is not None]
        wrong = [word for word, day in read.items() if day is None]
        if wrong:
            raise ValueError(str(_("Bukan tanggal: %(words)s", words=", ".join(wrong))))

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "\n".join(day.isoformat() for day in self.data or [])


def _date(word: str) -> date | None:
    swapped = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", word)
    text = f"{swapped[3]}-{swapped[2]:0>2}-{swapped[1]:0>2}" if swapped else word
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class CampaignForm(forms.Form):
    """Name, place, dates, facilities and rules."""

    PLACES: ClassVar[dict[str, str]] = {"district_code": "district"}

    name = StringField(_("Nama kampanye"), [InputRequired(), Length(max=120)])
    district = SelectField(_("Kota atau kabupaten"), [InputRequired()])
    dates = DatesField(_("Tanggal pelayanan"), [InputRequired()])
    facilities = SelectMultipleField(_("Faskes yang ikut"), [InputRequired()])
    max_travel_km = FloatField(_("Jarak terjauh calon ke faskes (km)"), [InputRequired()], default=25)
    min_session = IntegerField(_("Calon paling sedikit untuk membuka pelayanan"), [InputRequired()], default=1)
    cross_kecamatan = BooleanField(_("Calon boleh dilayani di kecamatan lain"), default=True)
    max_sessions_per_day = IntegerField(_("Paling banyak faskes buka dalam sehari"), [Optional()])
    max_dates_per_kecamatan = IntegerField(_("Paling banyak tanggal per kecamatan"), [Optional()])
    trips_per_day = IntegerField(_("Faskes yang dapat dikirimi gudang dalam sehari"), [InputRequired()], default=20)
    trip_cost = IntegerField(_("Biaya sekali kirim (rupiah)"), [InputRequired()], default=150_000)

    def offer(self, district_code: str | None) -> "CampaignForm":
        """Fill in what can be chosen: the facilities of the district, in groups of kecamatan."""
        districts = registry.districts()
        self.district.choices = [SelectChoice(row.code, row.name) for row in districts]
        chosen = self.district.data or district_code or (districts[0].code if districts else "")
        if not self.district.data:
            self.district.data = chosen
        names = {row.code: row.name for row in registry.kecamatan_of(chosen)}
        self.facilities.choices = [
            SelectChoice(str(row.facility_id), row.name, optgroup=names.get(row.kecamatan_code, row.kecamatan_code))
            for row in registry.facilities_of(chosen)
        ]
        if request.method == "GET" and not self.facilities.data:  # all take part until somebody says otherwise
            self.facilities.data = [choice.value for choice in self.facilities.choices]
        return self

    def _rules(self) -> CampaignRules:
        return CampaignRules(
            max_travel_km=self.max_travel_km.data or 0,
            min_session=self.min_session.data or 0,
            cross_kecamatan=bool(self.cross_kecamatan.data),
            max_sessions_per_day=self.max_sessions_per_day.data,
            max_dates_per_kecamatan=self.max_dates_per_kecamatan.data,
            trips_per_day=self.trips_per_day.data if self.trips_per_day.data is not None else -1,
            trip_cost=self.trip_cost.data if self.trip_cost.data is not None else -1,
        )

    def new_campaign(self) -> NewCampaign:
        """Return what the use-case takes."""
        return NewCampaign(
            key=self.key.data or "",
            name=self.name.data or "",
            district_code=self.district.data or "",
            dates=tuple(self.dates.data or ()),
            facility_ids=tuple(int(value) for value in self.facilities.data or ()),
            rules=self._rules(),
        )

    def change(self, campaign_id: int) -> CampaignChange:
        """Return what the use-case takes."""
        new = self.new_campaign()
        return CampaignChange(campaign_id, new.name, new.dates, new.facility_ids, new.rules)
