"""The page that works without a network: its shell, its scripts by content, and the service worker that keeps them.

Nothing here names anybody: these files are open to everybody, and the day itself comes from device.py.
"""

import json
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from flask import Blueprint, Response, current_app, jsonify, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from campaign import i18n
from campaign.web.day_words import CODES, TEXTS
from campaign.web.locale import LANGUAGES, language
from campaign.words import WORDS

blueprint = Blueprint("day", __name__)

# Served to the shell by address; the device keeps them with its own files.
STYLES = ("vendor/bootstrap/bootstrap.min.css", "site.css")
ALSO = ("icon.svg", "scan.js", "vendor/zxing-wasm/reader.js", "vendor/zxing-wasm/zxing_reader.wasm")


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Show the shell; its script does the rest."""
    return render_template("day/shell.html", version=_version(), styles=STYLES)


@blueprint.get("/app/<version>/<name>")
def app_file(version: str, name: str) -> ResponseReturnValue:
    """Hand out a script or style of this version: modules that import one another never mix two versions."""
    if version != _version() or name not in {path.name for path in _files()}:
        raise NotFound
    return send_file(_folder() / name, max_age=0)


@blueprint.get("/words/<code>.json")
def words(code: str) -> ResponseReturnValue:
    """Hand out what the page says, in one language."""
    if code not in LANGUAGES:
        raise NotFound
    with i18n.with_locale(code):
        texts = {_msgid(text): str(text) for text in TEXTS}
        codes = {kind: {name: str(word) for name, word in WORDS[kind].items()} for kind in CODES}
    return jsonify(texts=texts, codes=codes)


def _msgid(text: object) -> str:
    return str(text._args[0])  # type: ignore[attr-defined]  # the lazy text's own Indonesian


@blueprint.get("/manifest.webmanifest")
def manifest() -> ResponseReturnValue:
    """Describe the page to a telephone that installs it."""
    icon = {"src": url_for("static", filename="icon.svg"), "type": "image/svg+xml", "sizes": "any"}
    body = {
        "id": url_for("day.page"),
        "name": "Serempak: hari pelayanan",
        "short_name": "Serempak",
        "lang": language(),
        "start_url": url_for("day.page"),
        "scope": url_for("day.page"),
        "display": "standalone",
        "background_color": "#f4f6f4",
        "theme_color": "#0b5f5b",
        "icons": [icon | {"purpose": "any"}, icon | {"purpose": "maskable"}],
    }
    return Response(json.dumps(body), mimetype="application/manifest+json")


@blueprint.get("/sw.js")
def worker() -> ResponseReturnValue:
    """Hand out the service worker with the list of what it keeps; it changes with any of these files."""
    version = _version()
    static = [url_for("static", filename=name) for name in (*STYLES, *ALSO) if _exists(name)]
    own = [url_for("day.app_file", version=version, name=path.name) for path in _files() if path.name != "worker.js"]
    spoken = [url_for("day.words", code=code) for code in LANGUAGES]
    kept = [url_for("day.page"), url_for("day.manifest"), *own, *static, *spoken]
    head = f"const VERSION = {json.dumps(version)};\nconst KEPT = {json.dumps(kept)};\n"
    return Response(head + (_folder() / "worker.js").read_text(), mimetype="text/javascript")


def _folder() -> Path:
    return Path(current_app.static_folder or "") / "day"


def _files() -> list[Path]:
    return sorted(path for path in _folder().iterdir() if path.suffix in (".js", ".css"))


def _exists(name: str) -> bool:
    return (Path(current_app.static_folder or "") / name).is_file()


def _version() -> str:
    """Return the fingerprint of everything that the device keeps."""
    static = Path(current_app.static_folder or "")
    files = [*_files(), *(static / name for name in (*STYLES, *ALSO) if _exists(name))]
    return _fingerprint(tuple((path, path.stat().st_mtime) for path in files))


@lru_cache(maxsize=4)
def _fingerprint(files: tuple[tuple[Path, float], ...]) -> str:
    digest = sha256()
    for path, _ in files:
        digest.update(path.name.encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()[:12]
