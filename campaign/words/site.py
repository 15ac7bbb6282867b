"""Words of the site itself: the error tree, what a status of HTTP means, and what to do then."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "Error": {
        "error": _("Terjadi kesalahan."),
        # the tree in campaign/errors.py
        "broker-down": _("Antrean pekerjaan sedang tidak menjawab."),
        "conflict": _("Data sudah berubah sejak halaman ini dibuka."),
        "invalid": _("Ada isian yang perlu diperbaiki."),
        "not-allowed": _("Anda tidak berwenang untuk ini."),
        "not-found": _("Yang dicari tidak ada, atau tidak untuk Anda."),
        "unavailable": _("Bagian yang dibutuhkan sedang tidak menjawab."),
        "form-expired": _("Formulir ini sudah terlalu lama terbuka."),
        "http-400": _("Permintaan ini tidak dapat dibaca."),
        "http-401": _("Masuk dulu untuk membuka ini."),
        "http-403": _("Anda tidak berwenang untuk ini."),
        "http-404": _("Halaman ini tidak ada."),
        "http-405": _("Halaman ini tidak dapat dibuka dengan cara itu."),
        "http-409": _("Data sudah berubah sejak halaman ini dibuka."),
        "http-413": _("Berkas ini terlalu besar."),
        "http-422": _("Ada isian yang perlu diperbaiki."),
        "http-429": _("Terlalu banyak permintaan."),
        "http-500": _("Ada kesalahan di pihak kami."),
        "http-503": _("Layanan sedang tidak siap."),
        "do-400": _("Kembali ke halaman sebelumnya, muat ulang, lalu coba lagi."),
        "do-401": _("Masuk dengan surel dan kata sandi Anda, lalu ulangi."),
        "do-403": _("Bila ini tugas Anda, minta peran yang sesuai kepada administrator kota."),
        "do-404": _("Periksa alamatnya, atau cari dari menu. Mungkin data ini milik wilayah lain."),
        "do-405": _("Buka halaman itu dari menu, bukan dari alamat yang disalin."),
        "do-409": _(
            "Muat ulang halaman untuk melihat keadaan terakhir, lalu putuskan lagi. Tidak ada yang tersimpan dua kali."
        ),
        "do-413": _("Perkecil berkas, atau bagi menjadi beberapa berkas."),
        "do-422": _("Kembali, perbaiki yang disebut di atas, lalu kirim lagi. Belum ada yang tersimpan."),
        "do-429": _("Tunggu beberapa menit, lalu coba lagi."),
        "do-500": _("Belum ada yang tersimpan. Coba lagi; bila terulang, sampaikan jam kejadian kepada administrator."),
        "do-503": _("Belum ada yang tersimpan. Tunggu sebentar, lalu coba lagi."),
    },
}
