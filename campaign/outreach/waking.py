"""Ask workers to look for messages that are due. A job carries nothing: the rows say what there is to send."""

from campaign.jobs import JobName, enqueue

BATCH = 200  # messages that a worker takes at a time
MOST_JOBS = 8  # more than there are worker processes helps nobody


def wake(messages: int) -> int:
    """Ask as many workers as so many messages can keep busy; return how many were asked."""
    jobs = min(MOST_JOBS, -(-messages // BATCH))
    for _ in range(jobs):
        enqueue(JobName.DELIVER_INVITATIONS)
    return jobs
