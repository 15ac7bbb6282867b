"""Which gateway serves a channel in this deployment."""

from campaign.config import HttpSender, Settings
from campaign.outreach.models import Channel
from workers.gateways import Gateway
from workers.gateways.http import Http
from workers.gateways.journal import Journal
from workers.gateways.other import Other
from workers.gateways.outbox import Outbox
from workers.gateways.smtp import Smtp

FILES = (Channel.MESSAGE, Channel.CADRE)  # served by a person who pastes or carries


def gateway_for(settings: Settings, channel: Channel, journal: Journal) -> Gateway:
    """Return a gateway of its own, with connections of its own."""
    if settings.is_sandbox or channel in FILES:
        return outbox(settings, channel)
    if channel is Channel.EMAIL:
        return Smtp(settings, journal)
    if channel is Channel.OTHER:
        return Other(settings.apprise_url, journal)
    return Http(sender_of(settings, channel), journal)


def sender_of(settings: Settings, channel: Channel) -> HttpSender:
    """Return the HTTP gateway of a channel; one without an address when the channel has none."""
    return {Channel.WHATSAPP: settings.whatsapp, Channel.SMS: settings.sms}.get(channel, HttpSender())


def is_file(settings: Settings, channel: Channel) -> bool:
    """Tell whether the channel's messages end as files, which can always be asked."""
    return settings.is_sandbox or channel in FILES


def outbox(settings: Settings, channel: Channel) -> Outbox:
    """Return the file outbox of a channel; a sandbox keeps its files apart from what a person would carry."""
    folder = settings.outbox_dir / "sandbox" if settings.is_sandbox else settings.outbox_dir
    return Outbox(folder / channel.value)
