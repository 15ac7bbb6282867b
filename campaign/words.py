"""The words for codes: every state, role, permission and error code in Indonesian; English is in the catalogue.

By the name of the enum, or "Error" for the codes of campaign.errors and of mistakes. Facts are filled in by name.
One section a feature, in the order of the layers; a rule test demands a word for every code.
"""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    # accounts
    "Role": {
        "administrator": _("Administrator"),
        "planner": _("Perencana (bidang KB)"),
        "head": _("Kepala dinas"),
        "warehouse": _("Gudang alokon"),
        "facility": _("Fasilitas kesehatan"),
        "field_officer": _("Penyuluh KB (PKB/PLKB)"),
        "cadre": _("Kader (PPKBD)"),
        "viewer": _("Pembaca"),
    },
    "Permission": {
        "see-home": _("Membuka beranda"),
        "see-campaigns": _("Melihat kampanye, rencana, dan rekapitulasi"),
        "edit-campaign": _("Menyusun kampanye dan target"),
        "plan": _("Membuat rencana"),
        "approve-plan": _("Menyetujui rencana"),
        "see-stock": _("Melihat persediaan"),
        "move-stock": _("Menerima dan mengeluarkan barang"),
        "order-stock": _("Menandatangani SPMB"),
        "use-stock": _("Memakai dan mengembalikan barang di faskes"),
        "see-candidates": _("Melihat nama calon peserta"),
        "list-candidates": _("Mendaftarkan calon peserta"),
        "invite": _("Mengirim undangan"),
        "record-attendance": _("Mencatat kehadiran"),
        "screen": _("Mengisi penapisan"),
        "see-documents": _("Mengunduh dokumen"),
        "import": _("Mengimpor buku kerja"),
        "edit-registry": _("Mengubah data induk"),
        "manage-accounts": _("Mengelola pengguna"),
        "see-audit": _("Melihat jejak audit"),
    },
    # logistics
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
    "FundSource": {"apbd": _("APBD"), "apbn": _("APBN"), "grant": _("Hibah")},
    "PlaceKind": {
        "acceptors": _("Akseptor"),
        "facility": _("Fasilitas kesehatan"),
        "losses": _("Rusak, hilang, kedaluwarsa"),
        "supplier": _("Pemasok"),
        "warehouse": _("Gudang"),
    },
    # documents
    "PaperFormat": {"pdf": _("PDF"), "xlsx": _("Excel")},
    "PaperKind": {
        "attendance_list": _("Daftar hadir"),
        "campaign_report": _("Laporan kampanye"),
        "sbbk": _("SBBK"),
        "spmb": _("SPMB"),
    },
    "PaperState": {"failed": _("Gagal dicetak"), "ready": _("Siap"), "waiting": _("Sedang dicetak")},
    "SignatoryRole": {"head": _("Kepala dinas"), "storekeeper": _("Pengurus barang")},
    # what the audit trail says was done
    "Action": {
        "add-account": _("Menambah pengguna"),
        "change-password": _("Mengganti kata sandi"),
        "choose-language": _("Memilih bahasa"),
        "deactivate-account": _("Menutup akun"),
        "grant-role": _("Menambah peran"),
        "make-password-link": _("Membuat tautan kata sandi"),
        "reactivate-account": _("Membuka kembali akun"),
        "refuse-sign-in": _("Menolak percobaan masuk"),
        "revoke-role": _("Mencabut peran"),
        "set-password": _("Membuat kata sandi"),
        "sign-in": _("Masuk"),
        "sign-out": _("Keluar"),
        # logistics and documents
        "add-shelf": _("Menambah rak faskes"),
        "download-paper": _("Mengunduh dokumen"),
        "download-stock": _("Mengunduh daftar persediaan"),
        "release-stock": _("Melepas pesanan barang"),
        "reserve-stock": _("Memesan barang"),
        "save-office": _("Mengubah kop surat"),
        "save-signatory": _("Mengubah penanda tangan"),
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
    # what can go wrong
    "Error": {
        "error": _("Terjadi kesalahan."),
        # the tree in campaign/errors.py
        "broker-down": _("Antrean pekerjaan sedang tidak menjawab."),
        "conflict": _("Data sudah berubah sejak halaman ini dibuka."),
        "invalid": _("Ada isian yang perlu diperbaiki."),
        "not-allowed": _("Anda tidak berwenang untuk ini."),
        "not-found": _("Yang dicari tidak ada, atau tidak untuk Anda."),
        "unavailable": _("Bagian yang dibutuhkan sedang tidak menjawab."),
        # web: a status of HTTP, and what to do then
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
        # accounts
        "account-unknown": _("Pengguna ini tidak ada."),
        "email-invalid": _("Alamat surel tidak benar."),
        "email-taken": _("Alamat surel ini sudah dipakai pengguna lain."),
        "language-unknown": _("Bahasa ini tidak tersedia."),
        "last-administrator": _("Ini administrator terakhir: angkat penggantinya lebih dulu."),
        "link-invalid": _(
            "Tautan ini sudah dipakai, kedaluwarsa, atau tidak lengkap. Minta yang baru kepada administrator."
        ),
        "name-length": _("Isi nama, paling banyak %(max)s huruf."),
        "password-is-personal": _("Kata sandi tidak boleh memuat nama, alamat surel, atau nama aplikasi."),
        "password-too-long": _("Kata sandi paling banyak %(max)s huruf."),
        "password-too-plain": _("Pakai sedikitnya %(different)s huruf yang berbeda."),
        "password-too-short": _("Kata sandi sedikitnya %(min)s huruf. Beberapa kata biasa sudah cukup."),
        "sign-in-too-many": _("Terlalu banyak percobaan. Tunggu 15 menit, lalu coba lagi."),
        "sign-in-wrong": _("Surel atau kata sandi salah."),
        # logistics
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
        "number-used": _("Nomor ini sudah dipakai dokumen lain. Periksa buku agenda."),
        "order-not-waiting": _("SPMB ini sudah dikeluarkan barangnya, atau sudah dibatalkan."),
        "price-out-of-range": _("Isi harga satuan dalam rupiah, 0 sampai 1.000.000.000."),
        "quantity-out-of-range": _("Isi jumlah bulat, 1 sampai 100.000.000."),
        "text-length": _("Isi bagian ini, paling banyak 240 huruf."),
        "unknown-document": _("Dokumen ini tidak ada."),
        "unknown-lot": _("Batch ini tidak tercatat di tempat itu."),
        "unknown-order": _("SPMB ini tidak ada."),
        "unknown-stock-place": _("Gudang atau rak ini tidak ada."),
        # documents
        "nip-form": _("NIP terdiri atas 18 angka."),
        "paper-not-ready": _("Dokumen ini masih dicetak, atau gagal dicetak. Coba beberapa saat lagi."),
        "paper-template-failed": _("Dokumen ini tidak dapat dicetak. Sampaikan kepada administrator."),
        "unknown-paper": _("Dokumen ini tidak ada."),
    },
}
