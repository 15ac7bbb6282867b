"""Words of what the warehouse does beside receiving and issuing: on the way, set apart, counted, asked for."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "DocumentKind": {
        "arrival": _("BAST (penerimaan faskes)"),
        "damage": _("Rusak"),
        "quarantine": _("Karantina"),
        "release": _("Bebas karantina"),
        "transfer": _("Alih antarfaskes"),
    },
    "PlaceKind": {
        "damaged": _("Barang rusak"),
        "quarantine": _("Karantina"),
        "transit": _("Di jalan"),
    },
    "StockState": {"damaged": _("Rusak"), "quarantined": _("Karantina"), "usable": _("Layak pakai")},
    "StateStep": {
        "damage": _("Catat rusak"),
        "quarantine": _("Karantina"),
        "release": _("Bebaskan dari karantina"),
        "write-off": _("Hapus dari persediaan (pemusnahan)"),
    },
    "Fate": {
        "came-back": _("Kembali ke gudang"),
        "came-later": _("Ternyata ada di faskes"),
        "lost": _("Hilang"),
    },
    "LineState": {
        "agrees": _("Cocok"),
        "disputed": _("Beda antarpenghitung"),
        "explained": _("Selisih sudah dijelaskan"),
        "not-counted": _("Belum dihitung"),
        "unexplained": _("Selisih belum dijelaskan"),
    },
    "CountCause": {
        "damaged": _("Rusak"),
        "found": _("Ditemukan"),
        "lost": _("Hilang"),
        "not-recorded": _("Keluar atau masuk tanpa dicatat"),
        "unknown": _("Tidak diketahui"),
        "wrong-entry": _("Salah catat"),
    },
    "Unsettled": {
        "differs": _("Hitungan tidak cocok"),
        "in-transit": _("Kiriman belum selesai"),
        "not-counted": _("Belum diopname"),
        "not-returned": _("Sisa belum dikembalikan"),
    },
    "Action": {
        "drop-stock-count": _("Membatalkan opname"),
        "enter-stock-count": _("Mencatat hitungan opname"),
        "explain-stock-count": _("Menjelaskan selisih opname"),
        "open-stock-count": _("Membuka opname"),
        "post-stock-count": _("Membukukan opname"),
        "refuse-stock-request": _("Menolak SPB"),
        "request-stock": _("Mengirim SPB"),
        "write-stock-arrival": _("Menerima kiriman (BAST)"),
        "write-stock-count": _("Membukukan selisih opname"),
        "write-stock-damage": _("Mencatat barang rusak"),
        "write-stock-quarantine": _("Mengarantina barang"),
        "write-stock-release": _("Membebaskan barang karantina"),
        "write-stock-transfer": _("Mengalihkan barang antarfaskes"),
        "write-stock-write-off": _("Menghapus barang"),
    },
    "Error": {
        "another-lot-needs-a-reason": _("Batch lain daripada yang diperintahkan SPMB: tulis alasannya."),
        "arrival-does-not-add-up": _("Dikirim %(sent)s, tetapi ditulis %(said)s. Hitung lagi barangnya."),
        "before-the-shipment": _("Tanggal terima tidak boleh mendahului tanggal kirim."),
        "campaign-not-settled": _(
            "Kampanye belum dapat ditutup: barang pada %(lots)s batch di faskes belum beres, pertama batch %(lot)s."
            " Selesaikan kiriman, kembalikan sisa, lalu opname."
        ),
        "count-is-over": _("Opname ini sudah dibukukan atau dibatalkan. Buka opname baru."),
        "count-not-ready": _(
            "Belum dapat dibukukan: %(lots)s batch belum dihitung, berbeda antarpenghitung, atau selisihnya belum"
            " dijelaskan."
        ),
        "count-running": _("Tempat ini sedang diopname. Lanjutkan opname yang terbuka."),
        "difference-without-note": _("Ada selisih: tulis apa yang terjadi."),
        "lot-expired-by-then": _("Batch ini sudah kedaluwarsa pada tanggal itu. Pilih batch lain."),
        "lot-not-free": _("Batch ini tinggal %(most)s yang boleh diambil."),
        "more-than-ordered": _("Menurut SPMB tinggal %(most)s yang menunggu."),
        "needed-before-requested": _("Tanggal diperlukan tidak boleh mendahului tanggal permintaan."),
        "not-a-count": _("Isi bilangan bulat, 0 atau lebih."),
        "not-every-lot": _("Isi setiap batch yang masih di jalan, satu kali. Muat ulang halaman ini."),
        "lot-not-first-expired": _("Ada batch yang kedaluwarsa lebih dahulu. Pilih batch itu, atau tulis alasannya."),
        "found-lot-needs-item": _("Pilih barangnya."),
        "found-lot-unknown": _("Batch ini belum pernah tercatat. Terima dahulu lewat Terima barang, lalu hitung."),
        "not-of-this-count": _("Barang ini bukan bagian dari opname ini. Muat ulang halaman ini."),
        "not-so-much-open": _("Yang belum selesai tinggal %(most)s."),
        "nothing-underway": _("Kiriman ini sudah diterima semua, atau sudah dibatalkan."),
        "request-answered": _("SPB ini sudah dijawab."),
        "request-number-used": _("Nomor SPB ini sudah dipakai pada tanggal %(on)s. Periksa buku agenda."),
        "same-facility": _("Pilih faskes lain sebagai penerima."),
        "state-step-not-allowed": _("Barang dalam keadaan ini tidak dapat diperlakukan begitu. Pilih tindakan lain."),
        "unknown-count": _("Opname ini tidak ada."),
        "unknown-request": _("SPB ini tidak ada."),
        "unknown-shipment": _("Kiriman ini tidak ada. Periksa nomor SBBK-nya."),
    },
}
