"""The SOPs that come with the product: every row of three sheets of two cities.

The arrows of the sheets' role columns were pictures and are lost. Who does, approves and is involved is our most
plausible reading; whoever knows better changes it on the site.
"""

from campaign.events.sop.shipped.pekalongan_serempak import TEMPLATE as PEKALONGAN_SEREMPAK
from campaign.events.sop.shipped.tangerang_momentum import TEMPLATE as TANGERANG_MOMENTUM
from campaign.events.sop.shipped.tangerang_report import TEMPLATE as TANGERANG_REPORT

SHIPPED = (PEKALONGAN_SEREMPAK, TANGERANG_MOMENTUM, TANGERANG_REPORT)
