"""Words of the warehouse."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "DocumentKind": {
        "count": _("Selisih opname"),
        "issue": _("SBBK (pengeluaran)"),
        "issue_order": _("SPMB (perintah keluar)"),
        "opening": _("Saldo awal"),
        "receipt": _("SBBM (penerimaan)"),
        "return": _("Pengembalian"),
        "reversal": _("Pembatalan"),
        "use": _("Pemakaian pelayanan"),
        "write_off": _("Penghapusan"),
    },
    "ExpiryState": {"expired": _("Kedaluwarsa"), "good": _("Baik"), "soon": _("Segera kedaluwarsa")},
    "FundSource": {"apbd": _("APBD"), "apbn": _("APBN"), "grant": _("Hibah")},
    "PlaceKind": {
        "acceptors": _("Akseptor"),
        "facility": _("Fasilitas kesehatan"),
        "losses": _("Rusak, hilang, kedaluwarsa"),
        "supplier": _("Pemasok"),
        "warehouse": _("Gudang"),
    },
    "Action": {
        "add-shelf": _("Menambah rak faskes"),
        "download-stock": _("Mengunduh daftar persediaan"),
        "release-stock": _("Melepas pesanan barang"),
        "reserve-stock": _("Memesan barang"),
        "save-warehouse": _("Menyimpan gudang"),
        "set-stock-floor": _("Mengatur persediaan minimum"),
        "verify-stock": _("Memeriksa buku persediaan"),
        "write-stock-issue": _("Mengeluarkan barang (SBBK)"),
        "write-stock-issue-order": _("Menandatangani SPMB"),
        "write-stock-opening": _("Mencatat saldo awal"),
        "write-stock-receipt": _("Menerima barang (SBBM)"),
        "write-stock-return": _("Mengembalikan barang"),
        "write-stock-reversal": _("Membatalkan dokumen barang"),
        "write-stock-use": _("Mencatat pemakaian barang"),
    },
    "Error": {
        "before-the-order": _("Tanggal SBBK tidak boleh mendahului tanggal SPMB."),
        "expiry-before-production": _("Tahun produksi tidak mungkin: kedaluwarsa mendahuluinya, atau terlalu lama."),
        "in-the-future": _("Tanggal ini belum terjadi. Isi hari ini atau sebelumnya."),
        "insufficient-stock": _(
            "Persediaan tidak cukup: diminta %(wanted)s, yang boleh diambil %(available)s. Barang kedaluwarsa, pesanan"
            " pihak lain, dan persediaan minimum tidak ikut dihitung."
        ),
        "item-twice": _("Satu barang ditulis dua kali. Gabungkan jumlahnya."),
        "key-reused": _("Formulir ini sudah dipakai untuk dokumen lain. Buka formulir baru."),
        "lot-differs": _("Batch ini sudah tercatat dengan isian lain. Periksa kemasan dan surat jalan."),
        "lot-expired": _("Batch ini sudah kedaluwarsa. Jangan diterima; kembalikan kepada pengirim."),
        "lot-number-length": _("Isi nomor batch, paling banyak 40 huruf."),
        "lot-twice": _("Batch ini ditulis dua kali. Gabungkan jumlahnya."),
        "nothing-listed": _("Isi sedikitnya satu baris."),
        "nothing-to-order": _("Tidak ada pesanan untuk pengiriman ini, atau SPMB-nya sudah ditandatangani."),
        "not-reversible": _(
            "Dokumen ini tidak dapat dibatalkan: sudah dibatalkan, ia sendiri pembatalan, atau SPMB yang sudah keluar"
            " SBBK-nya."
        ),
        "number-length": _("Isi nomor, paling banyak 60 huruf, atau kosongkan agar diberi nomor berikutnya."),
        "number-used": _("Nomor ini sudah dipakai: dokumen tanggal %(on)s, kepada %(place)s. Periksa buku agenda."),
        "order-not-waiting": _("SPMB ini sudah dikeluarkan barangnya, atau sudah dibatalkan."),
        "price-out-of-range": _("Isi harga satuan dalam rupiah, 0 sampai 1.000.000.000."),
        "quantity-out-of-range": _("Isi jumlah bulat, 1 sampai 100.000.000."),
        "text-length": _("Isi bagian ini, paling banyak 240 huruf."),
        "unknown-document": _("Dokumen ini tidak ada."),
        "unknown-lot": _("Batch ini tidak tercatat di tempat itu."),
        "unknown-order": _("SPMB ini tidak ada."),
        "unknown-stock-place": _("Gudang atau rak ini tidak ada."),
    },
}
