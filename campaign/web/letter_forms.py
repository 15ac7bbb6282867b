"""Forms of letters: begin one, write it, number it, return it, say how it was handed over."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import DateField, IntegerField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from campaign import clock
from campaign.documents.attachments import MAX_BYTES
from campaign.letters.drafting import LetterChange, Signer
from campaign.letters.handover import HandoverChannel, HandoverKind
from campaign.letters.kinds import Nature
from campaign.letters.models import Letter
from campaign.letters.rosters import Addressee, write_addressees
from campaign.letters.services import Handing
from campaign.web import forms


class NewLetterForm(forms.Form):
    """Which letter to begin."""

    kind = SelectField(_("Jenis surat"), [InputRequired()])
    kecamatan_code = SelectField(_("Kecamatan"), [Optional()])


class LetterForm(forms.Form):
    """What a letter says."""

    revision = IntegerField(_("Revisi"), [InputRequired()])
    written_on = DateField(_("Tanggal surat"), [InputRequired()])
    nature = SelectField(_("Sifat"), [InputRequired()])
    classification = StringField(_("Kode klasifikasi"), [InputRequired(), Length(max=20)])
    subject = StringField(_("Hal"), [InputRequired(), Length(max=240)])
    addressees = TextAreaField(_("Kepada"), [Optional()])
    body = TextAreaField(_("Isi surat"), [InputRequired()])
    copies = TextAreaField(_("Tembusan"), [Optional()])
    prefix = StringField(_("Plt. atau a.n."), [Optional(), Length(max=60)])
    position = StringField(_("Jabatan penanda tangan"), [InputRequired(), Length(max=120)])
    name = StringField(_("Nama dan gelar"), [Optional(), Length(max=120)])
    rank = StringField(_("Pangkat, golongan"), [Optional(), Length(max=60)])
    nip = StringField(_("NIP (18 angka)"), [Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.nature.choices = forms.choices(Nature)

    def change(self, letter_id: int) -> LetterChange:
        """Return what the use-case takes."""
        return LetterChange(
            letter_id=letter_id,
            revision=self.revision.data or 0,
            written_on=self.written_on.data,
            nature=Nature(self.nature.data),
            classification=self.classification.data or "",
            subject=self.subject.data or "",
            body=self.body.data or "",
            addressees=self.addressees.data or "",
            copies=self.copies.data or "",
            signer=Signer(**{name: getattr(self, name).data or "" for name in Signer.__dataclass_fields__}),
        )


def stored(letter: Letter) -> LetterForm:
    """Return a letter's form with what it says now."""
    names = ("revision", "written_on", "classification", "subject", "body", "copies", *Signer.__dataclass_fields__)
    people = [Addressee(one.name, one.place, one.email) for one in letter.addressees]
    values = {name: getattr(letter, name) for name in names}
    return LetterForm(
        formdata=None, data=values | {"nature": letter.nature.value, "addressees": write_addressees(people)}
    )


class NumberForm(forms.Form):
    """The number of a letter, out of the agenda book."""

    number = StringField(_("Nomor surat"), [Optional(), Length(max=60)])


class RemarkForm(forms.Form):
    """Why a letter goes back to who wrote it."""

    remark = TextAreaField(_("Yang perlu diperbaiki"), [InputRequired()])


class HandingForm(forms.Form):
    """How a letter reached its addressees."""

    addressee_ids = SelectMultipleField(_("Alamat"), coerce=int)
    kind = SelectField(_("Keadaan"), [InputRequired()])
    channel = SelectField(_("Melalui"), [InputRequired()])
    happened_on = DateField(_("Tanggal"), [InputRequired()], default=clock.today)
    receiver = StringField(_("Nama penerima"), [Optional(), Length(max=120)])
    note = StringField(_("Catatan"), [Optional(), Length(max=500)])
    file = FileField(_("Foto tanda terima"))

    def __init__(self, letter: Letter, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.addressee_ids.choices = [(one.letter_addressee_id, one.name) for one in letter.addressees]
        self.kind.choices, self.channel.choices = forms.choices(HandoverKind), forms.choices(HandoverChannel)

    def handing(self, letter_id: int) -> Handing:
        """Return what the use-case takes."""
        upload = self.file.data
        # One byte more than is allowed is enough to know that it is too large.
        file = (upload.filename or "", upload.stream.read(MAX_BYTES + 1)) if upload else None
        return Handing(
            key=str(self.key.data),
            letter_id=letter_id,
            addressee_ids=tuple(self.addressee_ids.data or ()),
            kind=HandoverKind(self.kind.data),
            channel=HandoverChannel(self.channel.data),
            happened_on=self.happened_on.data,
            receiver=self.receiver.data or "",
            note=self.note.data or "",
            file=file,
        )


class TextForm(forms.Form):
    """What letters of a kind begin with."""

    subject = StringField(_("Hal"), [InputRequired(), Length(max=240)])
    classification = StringField(_("Kode klasifikasi"), [InputRequired(), Length(max=20)])
    body = TextAreaField(_("Naskah"), [InputRequired()])


class TeamForm(forms.Form):
    """Who carries the campaign out."""

    team = TextAreaField(_("Susunan tim"), [Optional()])
