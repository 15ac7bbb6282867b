"""Words of rules that a plan made by hand breaks, of pins that clash, of changes and of parts of the cost."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "PlanBreak": {
        "broken-pack": _("%(item)s: kiriman ke %(facility)s bukan kemasan utuh."),
        "closed": _("%(facility)s, %(date)s: ada langkah di luar jam buka."),
        "delivery": _("Gudang tidak dapat mengirim ke %(facility)s pada %(date)s."),
        "expired": _("%(facility)s, %(date)s: %(item)s batch %(lot)s sudah kedaluwarsa."),
        "headcount": _("%(candidate)s: yang terlayani dan yang belum tidak sama dengan jumlahnya."),
        "may-not-leave": _("%(item)s batch %(lot)s: persediaan bebas di gudang tidak cukup."),
        "missing-steps": _(
            "%(facility)s, %(date)s: jadwal tidak muat untuk %(candidate)s. Tambah tenaga, atau pindahkan sebagian."
        ),
        "no-provider": _("%(facility)s, %(date)s: tidak ada tenaga yang berwenang untuk tindakannya."),
        "no-station": _("%(facility)s, %(date)s: ruang yang dibutuhkan tidak ada."),
        "not-first-expired": _("%(facility)s: %(item)s dari batch lain kedaluwarsa lebih dulu."),
        "not-first-expired-shipped": _("Gudang: %(item)s dari batch lain kedaluwarsa lebih dulu."),
        "not-on-shelf": _("%(facility)s, %(date)s: %(item)s batch %(lot)s belum ada di rak."),
        "not-visited-in-time": _("Kunjungan keliling belum sampai sebelum pelayanan."),
        "other": _("Ketentuan rencana tidak terpenuhi (%(code)s)."),
        "other-kecamatan": _("%(candidate)s tidak boleh dilayani di kecamatan lain (%(facility)s)."),
        "provider-absent": _("%(provider)s tidak dapat bertugas pada %(date)s."),
        "provider-days": _("%(provider)s bertugas %(days)s hari; paling banyak %(most)s."),
        "provider-minutes": _("%(provider)s bertugas %(minutes)s menit pada %(date)s; itu lebih dari batasnya."),
        "provider-place": _("%(provider)s tidak dapat bertugas di %(facility)s: bukan tempat tugasnya."),
        "provider-taken": _("%(provider)s melayani dua orang sekaligus di %(facility)s, %(date)s."),
        "provider-twice": _("%(provider)s sudah bertugas di tempat lain pada %(date)s."),
        "session-place": _("%(facility)s tidak buka pada %(date)s."),
        "session-too-small": _("%(facility)s, %(date)s: %(served)s calon; sedikitnya %(least)s untuk membuka sesi."),
        "session-twice": _("%(facility)s punya dua sesi pada %(date)s."),
        "station-taken": _("%(facility)s, %(date)s: satu ruang dipakai dua orang sekaligus."),
        "too-far": _("%(candidate)s: %(facility)s terlalu jauh (%(km)s km)."),
        "too-many-dates": _("%(kecamatan)s: %(dates)s tanggal pelayanan; paling banyak %(most)s."),
        "too-many-sessions": _("%(date)s: %(sessions)s sesi; paling banyak %(most)s."),
        "too-many-trips": _("Gudang, %(date)s: %(trips)s kiriman; paling banyak %(most)s."),
        "unknown-provider": _("%(provider)s tidak ikut kampanye ini."),
        "usage": _("%(facility)s, %(date)s: %(item)s kurang %(missing)s."),
        "wait": _("%(facility)s, %(date)s: ada yang menunggu terlalu lama."),
        "wrong-date": _("%(candidate)s tidak dapat datang pada %(date)s."),
    },
    "PlanClash": {
        "headcount": _("Lebih banyak yang dipertahankan daripada yang ada: %(what)s"),
        "no-such-session": _("Sesi yang dipertahankan tidak ada: %(what)s"),
        "other": _("Perubahan dengan tangan tidak dapat dipertahankan: %(what)s"),
        "provider-absent": _("Tenaga yang dipertahankan tidak dapat bertugas: %(what)s"),
        "session-place": _("Faskes tidak buka pada tanggal itu: %(what)s"),
        "together": _(
            "Semua perubahan dengan tangan bersama-sama melanggar ketentuan atau tidak muat dalam jadwal."
            " Kurangi perubahan, lalu coba lagi."
        ),
        "too-far": _("Terlalu jauh: %(what)s"),
        "unknown-candidate": _("Kelompok calon tidak ada lagi: %(what)s"),
        "wrong-date": _("Calon tidak dapat datang pada tanggal itu: %(what)s"),
    },
    "PlanEffect": {
        "date": _("Tambah satu tanggal: %(date)s"),
        "hours": _("Buka %(minutes)s menit lebih lama di %(facility)s"),
        "hours-everywhere": _("Buka %(minutes)s menit lebih lama di semua faskes"),
        "ill": _("%(provider)s berhalangan"),
        "rule": _("Sesi boleh dibuka mulai %(value)s calon"),
        "station": _("%(units)s ruang lagi di %(facility)s"),
        "stock": _("%(quantity)s %(item)s lagi di %(place)s"),
        "stops": _("%(stops)s perhentian keliling lagi sehari"),
        "team": _("Satu tenaga lagi seperti %(provider)s"),
        "team-there": _("Satu tenaga lagi di %(facility)s"),
        "travel": _("Jarak terjauh ditambah %(km)s km"),
        "travel-across": _("Boleh dilayani di kecamatan lain"),
        "trips": _("%(trips)s kiriman lagi sehari dari gudang"),
    },
    "CostPart": {
        "candidate_travel": _("Perjalanan calon"),
        "deliveries": _("Kiriman barang"),
        "provider_travel": _("Perjalanan tenaga"),
        "providers": _("Hari kerja tenaga"),
        "sessions": _("Sesi"),
    },
}
