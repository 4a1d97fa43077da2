import os

# PTB's RetryAfter.retry_after is to be a timedelta everywhere; without this it warns each time one is made.
os.environ.setdefault("PTB_TIMEDELTA", "1")
