"""Words of SOPs, checklists and their steps."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, dict[str, LazyString]] = {
    "Anchor": {
        "first_day": _("hari pelayanan pertama"),
        "last_day": _("hari pelayanan terakhir"),
    },
    "Duty": {
        "approves": _("Menyetujui"),
        "does": _("Mengerjakan"),
        "involved": _("Terlibat"),
    },
    "EventKind": {
        "taken_back": _("Ditarik kembali"),
        "ticked": _("Dicentang"),
    },
    "Proof": {
        "alokon_issued": _("Semua kiriman alokon sudah keluar dengan SBBK"),
        "letters_sent": _("Surat pemberitahuan dan jadwal sudah diterima semua alamat"),
        "lists_received": _("Daftar calon dari semua kelurahan sudah masuk"),
        "meetings_held": _("Rapat koordinasi sudah diadakan dan bernotulen"),
        "plan_approved": _("Rencana disetujui"),
        "report_ready": _("Laporan hasil dibuat sesudah hari terakhir ditutup"),
        "sessions_closed": _("Semua sesi pelayanan ditutup"),
    },
    "StepState": {
        "done": _("Sudah selesai"),
        "ready": _("Siap dikerjakan"),
        "waiting": _("Menunggu"),
    },
    "TimePer": {
        "acceptor": _("per akseptor"),
        "candidate": _("per calon"),
        "participant": _("per peserta"),
        "process": _("untuk seluruh langkah"),
    },
    "TimeUnit": {
        "days": _("hari kerja"),
        "hours": _("jam"),
        "minutes": _("menit"),
    },
    "Action": {
        "add-sop": _("Menambah SOP"),
        "assign-sop-roles": _("Menentukan peran pelaksana SOP"),
        "change-sop-step": _("Mengubah langkah SOP"),
        "discard-sop": _("Membuang konsep SOP"),
        "download-step-file": _("Mengunduh berkas langkah SOP"),
        "drop-checklist": _("Membuang daftar periksa"),
        "publish-sop": _("Memberlakukan SOP"),
        "remove-sop-step": _("Menghapus langkah SOP"),
        "start-checklist": _("Memulai daftar periksa"),
        "take-back-step": _("Menarik kembali centang langkah"),
        "tick-step": _("Mencentang langkah"),
    },
    "Digest": {
        "line": _("%(step)s (%(campaign)s): tenggat %(day)s, terlambat %(days)s hari kerja"),
        "subject": _("Serempak: %(count)s langkah SOP terlambat"),
    },
    "DigestState": {
        "claimed": _("Sedang dikirim"),
        "nothing": _("Tidak ada"),
        "rejected": _("Ditolak"),
        "sent": _("Terkirim"),
        "unknown": _("Tidak diketahui"),
        "waiting": _("Menunggu"),
    },
    "Error": {
        "checklist-exists": _("Kampanye ini sudah memakai SOP yang sama, versi %(version)s."),
        "checklist-has-history": _("Sudah ada langkah yang dicentang: daftar periksa ini tidak dapat dibuang lagi."),
        "checklist-is-over": _("Kampanye ini dibatalkan."),
        "note-length": _("Tulis catatan antara %(min)s dan %(max)s huruf."),
        "sop-is-draft": _("SOP ini masih konsep. Berlakukan dulu."),
        "sop-is-published": _("Versi SOP ini sudah berlaku dan tidak berubah lagi. Salin menjadi versi baru."),
        "sop-without-steps": _("SOP ini belum punya langkah."),
        "step-already-done": _("Langkah ini sudah dicentang."),
        "step-completes-itself": _("Langkah ini selesai dengan sendirinya oleh data aplikasi; tidak perlu dicentang."),
        "step-done-when": _("Isi tanggal hari ini atau sebelumnya, paling lama setahun."),
        "step-not-done": _("Tidak ada centang yang dapat ditarik kembali."),
        "step-not-yours": _("Langkah ini dikerjakan atau disetujui oleh peran lain."),
        "step-without-title": _("Isi nama langkahnya."),
        "steps-wait-in-a-ring": _("Langkah-langkah ini jadi saling menunggu."),
        "unknown-checklist": _("Daftar periksa ini tidak ada."),
        "unknown-party": _("Pelaksana ini tidak ada dalam SOP."),
        "unknown-sop": _("SOP ini tidak ada."),
        "unknown-step": _("Langkah ini tidak ada dalam SOP."),
        "unknown-step-file": _("Berkas ini tidak ada."),
    },
}
