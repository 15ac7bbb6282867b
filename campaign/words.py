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
    },
}
