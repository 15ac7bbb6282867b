"""Every table of the product, for migrations and for the comparison of models with the database."""

from campaign import audit
from campaign.accounts import models as accounts
from campaign.attendance import finals
from campaign.attendance import models as attendance
from campaign.attendance import visit_models as visits
from campaign.attendance.device import models as devices
from campaign.db import Base
from campaign.documents import models as documents
from campaign.events import models as events
from campaign.events.meetings import models as meetings
from campaign.events.sop import models as sop
from campaign.imports import models as imports
from campaign.letters import mail_models as letter_mail
from campaign.letters import models as letters
from campaign.logistics import arrival_models, count_models, request_models
from campaign.logistics import models as logistics
from campaign.logistics import supply_models as supply
from campaign.outreach import dispatch_models as dispatch
from campaign.outreach import models as outreach
from campaign.outreach.field import models as field
from campaign.planning import models as planning
from campaign.progress import digest_models as digests
from campaign.registry import models as registry

FEATURES = (
    audit,
    accounts,
    registry,
    events,
    sop,
    planning,
    logistics,
    supply,
    outreach,
    dispatch,
    attendance,
    documents,
    imports,
)
SERVICE_DAY = (visits, devices, finals)
FIELD = (field,)
OFFICE = (letters, letter_mail, meetings, digests)
WAREHOUSE = (arrival_models, count_models, request_models)
metadata = Base.metadata
