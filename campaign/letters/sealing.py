"""An electronic signature inside the PDF (PAdES), where the office has a certificate.

The certificate is a PKCS#12 file of the settings; the national service (BSrE) issues such certificates to officials.
pyHanko takes remote signers as well: whoever connects one replaces `_signer` and nothing else.
"""

import io
from collections.abc import Callable
from pathlib import Path

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers

from campaign.errors import CampaignError

FIELD = "Tanda tangan"


class CertificateUnusable(CampaignError):
    """The certificate of the settings cannot be read, or its password is wrong."""

    code = "certificate-unusable"


def seal(content: bytes, certificate: Path, password: str) -> bytes:
    """Return a PDF with a signature over all its bytes; raises CertificateUnusable."""
    signer = _signer(certificate, password)
    about = signers.PdfSignatureMetadata(
        field_name=FIELD, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES
    )
    target = io.BytesIO()
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), about, signer=signer, output=target)
    return target.getvalue()


def _signer(certificate: Path, password: str) -> signers.SimpleSigner:
    if not certificate.is_file():
        raise CertificateUnusable
    load: Callable[..., signers.SimpleSigner | None] = signers.SimpleSigner.load_pkcs12  # untyped in pyHanko
    found = load(certificate, passphrase=password.encode() if password else None)
    if found is None:
        raise CertificateUnusable
    return found
