"""What follows each method: how long somebody is watched, and when they come again. Pure; the card's usual values."""

from campaign.attendance.screening import Kind

# Minutes from the service until somebody may go home. Tubectomy: 4 to 6 hours.
WATCHED_MINUTES: dict[Kind, tuple[int, int]] = {
    Kind.INJECTION_1_MONTH: (10, 30),
    Kind.INJECTION_3_COMBINED: (10, 30),
    Kind.INJECTION_3_PROGESTIN: (10, 30),
    Kind.IMPLANT_1: (10, 30),
    Kind.IMPLANT_2: (10, 30),
    Kind.IUD: (15, 30),
    Kind.VASECTOMY: (30, 60),
    Kind.TUBECTOMY: (240, 360),
}
NOT_WATCHED = (0, 30)

# Days until the next visit; operations and implants are looked at after a week.
NEXT_VISIT_DAYS: dict[Kind, int] = {
    Kind.INJECTION_1_MONTH: 28,
    Kind.INJECTION_3_COMBINED: 84,
    Kind.INJECTION_3_PROGESTIN: 84,
    Kind.PILL_COMBINED: 84,
    Kind.PILL_PROGESTIN: 84,
    Kind.CONDOM: 84,
    Kind.IMPLANT_1: 7,
    Kind.IMPLANT_2: 7,
    Kind.IUD: 30,
    Kind.VASECTOMY: 7,
    Kind.TUBECTOMY: 7,
}
CONTROL_DAYS = 7  # after any procedure
