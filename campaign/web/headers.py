"""Headers on every answer: nothing from elsewhere, no frames, nothing inline."""

from flask import Flask, Response, request

from campaign.config import Settings

# data: is for the icons inside Bootstrap's own style sheet. Nothing is inline, so there is no nonce.
# wasm-unsafe-eval lets the vendored decoder of QR and DataMatrix compile; it does not allow eval of text.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "media-src 'self' blob:",  # the camera picture while scanning
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)


def init_app(app: Flask) -> None:
    """Add the headers to whatever the application answers."""
    settings: Settings = app.extensions["serempak"]

    def protect(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if settings.is_https:
            response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if request.endpoint != "static":  # pages name people: no shared cache and no back button after sign-out
            response.headers["Cache-Control"] = "no-store"
        return response

    app.after_request(protect)
