"""Words of accounts: roles, permissions, passwords."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
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
    "Error": {
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
